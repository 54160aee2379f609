#include <bot/hearing/timers/schedule.hpp>

#include <bot/hearing/commands/arguments.hpp>

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace tutti {

namespace {

using std::chrono::system_clock;

constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat"};

failure refusal(std::string_view text, const std::string& why) {
  return {errc::misconfigured,
          "schedule '" + std::string{text} + "': " + why +
              "; write it as 15m, as 09:00 Europe/London, or as Mon-Fri 09:00 Europe/London",
          0, "schedule"};
}

std::vector<std::string_view> pieces(std::string_view text, char between) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto end = std::min(text.find(between), text.size());
    if (end > 0)
      all.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

std::optional<std::size_t> day_of(std::string_view name) {
  const auto found = std::find(day_names.begin(), day_names.end(), commands::folded(name));
  if (found == day_names.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - day_names.begin());
}

/// `Mon-Fri`, `Mon,Wed`, `Sat`.
bool read_days(std::string_view text, std::array<bool, 7>& into) {
  for (const auto each : pieces(text, ',')) {
    const auto ends = pieces(each, '-');
    const auto first = ends.empty() ? std::nullopt : day_of(ends.front());
    const auto last = ends.empty() ? std::nullopt : day_of(ends.back());
    if (!first || !last || ends.size() > 2)
      return false;
    for (auto day = *first;; day = (day + 1) % into.size()) {
      into[day] = true;
      if (day == *last)
        break;
    }
  }
  return true;
}

/// `09:00`, `17:30:15`.
std::optional<std::chrono::seconds> read_time(std::string_view text) {
  const auto parts = pieces(text, ':');
  constexpr std::array<int, 3> limits{24, 60, 60};
  if (parts.size() < 2 || parts.size() > limits.size())
    return std::nullopt;
  int seconds = 0;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    int number = 0;
    if (i < parts.size()) {
      const auto* last = parts[i].data() + parts[i].size();
      const auto [end, error] = std::from_chars(parts[i].data(), last, number);
      if (error != std::errc{} || end != last || parts[i].size() > 2 || number < 0 ||
          number >= limits[i])
        return std::nullopt;
    }
    seconds = seconds * 60 + number;
  }
  return std::chrono::seconds{seconds};
}

std::optional<std::chrono::milliseconds> read_interval(std::string_view text) {
  commands::parameter which;
  which.type = commands::parameter_type::duration;
  commands::word word;
  word.text = text;
  const wanted_argument any{argument_form::duration};
  auto read = commands::value_of(which, any, word);
  if (std::holds_alternative<commands::complaint>(read))
    return std::nullopt;
  const auto time = std::get<std::chrono::milliseconds>(std::get<argument_value>(read));
  return time >= std::chrono::seconds{1} ? std::optional{time} : std::nullopt;
}

} // namespace

result<schedule> schedule::read(std::string_view text) {
  const auto words = pieces(text, ' ');
  schedule made;
  if (words.size() == 1) {
    made.every_ = read_interval(words[0]);
    if (!made.every_)
      return refusal(text, "it is no duration of a second or more");
    return made;
  }
  if (words.size() < 2 || words.size() > 3)
    return refusal(text, "it has not the parts of one");
  if (words.size() == 2)
    made.days_.fill(true);
  else if (!read_days(words[0], made.days_))
    return refusal(text, "'" + std::string{words[0]} + "' are no days");
  const auto at = read_time(words[words.size() - 2]);
  if (!at)
    return refusal(text, "'" + std::string{words[words.size() - 2]} + "' is no time of day");
  made.at_ = *at;
  try {
    made.zone_ = date::locate_zone(std::string{words.back()});
  } catch (const std::exception&) {
    return refusal(text, "the system's time zone database has no '" + std::string{words.back()} +
                             "' (package tzdata)");
  }
  return made;
}

system_clock::time_point schedule::next(system_clock::time_point now) const {
  if (every_) {
    const auto gone = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch());
    return system_clock::time_point{(gone / *every_ + 1) * *every_};
  }
  const auto here = zone_->to_local(date::floor<std::chrono::seconds>(now));
  auto day = date::floor<date::days>(here);
  constexpr int longest = 9; // A week, and the days that changes of clocks may take from it.
  for (int i = 0; i < longest; ++i, day += date::days{1}) {
    if (!days_[date::weekday{day}.c_encoding()])
      continue;
    const auto found = zone_->to_sys(day + at_, date::choose::earliest);
    if (found > now)
      return found;
  }
  return now + std::chrono::hours{24};
}

} // namespace tutti
