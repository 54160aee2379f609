// By hand: strptime takes more than the grammar, and its names depend on the locale.
#include <transport/message/http_date.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

namespace tutti::transport {

namespace {

using namespace std::chrono;

/// What is left of a text that is read piece by piece.
class reader {
public:
  explicit reader(std::string_view text) : rest_(text) {}

  bool skip(std::string_view piece) {
    if (!rest_.starts_with(piece))
      return false;
    rest_.remove_prefix(piece.size());
    return true;
  }

  /// Letters up to what is none.
  std::string_view word() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), [](unsigned char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
    const auto found = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(found.size());
    return found;
  }

  /// So many digits; -1 when they are not there.
  int number(std::size_t digits) {
    int value = 0;
    const auto part = rest_.substr(0, digits);
    const auto [end, bad] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (part.size() != digits || bad != std::errc{} || end != part.data() + part.size() ||
        value < 0)
      return -1;
    rest_.remove_prefix(digits);
    return value;
  }

  bool done() const { return rest_.empty(); }

private:
  std::string_view rest_;
};

unsigned month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(names.begin(), names.end(), word);
  return found == names.end() ? 0 : static_cast<unsigned>(found - names.begin()) + 1;
}

struct fields {
  int year = -1;
  unsigned month = 0;
  int day = -1;
  seconds time{-1};
};

/// `08:49:37`; a leap second counts as the one after.
seconds read_time(reader& from) {
  const auto h = from.number(2);
  const auto first = from.skip(":");
  const auto m = from.number(2);
  const auto second = from.skip(":");
  const auto s = from.number(2);
  if (!first || !second || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60)
    return seconds{-1};
  return hours{h} + minutes{m} + seconds{s};
}

std::optional<sys_seconds> date_of(const fields& read) {
  if (read.year < 0 || read.month == 0 || read.day < 1 || read.time < seconds{0})
    return std::nullopt;
  const year_month_day day{year{read.year}, month{read.month},
                           std::chrono::day{static_cast<unsigned>(read.day)}};
  if (!day.ok())
    return std::nullopt;
  return sys_days{day} + read.time;
}

/// `06 Nov 1994 08:49:37 GMT`
std::optional<sys_seconds> read_fixed(reader from) {
  fields all;
  all.day = from.number(2);
  auto good = from.skip(" ");
  all.month = month_of(from.word());
  good = good && from.skip(" ");
  all.year = from.number(4);
  good = good && from.skip(" ");
  all.time = read_time(from);
  return good && from.skip(" GMT") && from.done() ? date_of(all) : std::nullopt;
}

/// `06-Nov-94 08:49:37 GMT`
std::optional<sys_seconds> read_rfc850(reader from, sys_seconds now) {
  fields all;
  all.day = from.number(2);
  auto good = from.skip("-");
  all.month = month_of(from.word());
  good = good && from.skip("-");
  const auto short_year = from.number(2);
  good = good && from.skip(" ");
  all.time = read_time(from);
  if (!good || short_year < 0 || !from.skip(" GMT") || !from.done())
    return std::nullopt;
  const auto this_year = static_cast<int>(year_month_day{floor<days>(now)}.year());
  all.year = this_year - this_year % 100 + short_year;
  if (all.year > this_year + 50)
    all.year -= 100;
  return date_of(all);
}

/// `Nov  6 08:49:37 1994`
std::optional<sys_seconds> read_asctime(reader from) {
  fields all;
  all.month = month_of(from.word());
  auto good = from.skip(" ");
  all.day = from.skip(" ") ? from.number(1) : from.number(2);
  good = good && from.skip(" ");
  all.time = read_time(from);
  good = good && from.skip(" ");
  all.year = from.number(4);
  return good && from.done() ? date_of(all) : std::nullopt;
}

} // namespace

std::optional<sys_seconds> parse_date(std::string_view text, sys_seconds now) {
  reader from{text};
  const auto weekday = from.word();
  if (weekday.size() < 3)
    return std::nullopt;
  if (!from.skip(", "))
    return from.skip(" ") ? read_asctime(from) : std::nullopt;
  return weekday.size() == 3 ? read_fixed(from) : read_rfc850(from, now);
}

std::optional<std::uint32_t> retry_seconds(std::string_view retry_after, std::string_view date,
                                           sys_seconds now) {
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  const auto is_digit = [](unsigned char c) { return c >= '0' && c <= '9'; };
  if (!retry_after.empty() && std::all_of(retry_after.begin(), retry_after.end(), is_digit)) {
    std::uint32_t seconds = 0;
    const auto [end, bad] =
        std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
    return bad == std::errc{} ? seconds : most;
  }
  const auto then = parse_date(retry_after, now);
  if (!then)
    return std::nullopt;
  const auto wait = (*then - parse_date(date, now).value_or(now)).count();
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(wait, 0, most));
}

} // namespace tutti::transport
