// Dates, times, zones and the formats of pickers, as java.time reads them.
#include <wire/messageml/text/values.hpp>

#include <wire/messageml/text/zones.hpp>

#include <algorithm>

namespace tutti::messageml {

namespace {

/// Reads a text from its front.
class cursor {
public:
  explicit cursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool take(char c) {
    if (peek() != c)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Exactly that many digits; -1 when there are fewer.
  int number(int digits) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      if (peek() < '0' || peek() > '9')
        return -1;
      value = value * 10 + (peek() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  int digits() const {
    int count = 0;
    while (count < static_cast<int>(rest_.size()) && rest_[count] >= '0' && rest_[count] <= '9')
      ++count;
    return count;
  }

private:
  std::string_view rest_;
};

bool leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/// Four digits, or a sign and up to nine.
bool read_year(cursor& at, int& year) {
  const auto signed_year = at.peek() == '+' || at.peek() == '-';
  const auto negative = at.peek() == '-';
  if (signed_year)
    at.take(at.peek());
  const auto digits = at.digits();
  if (signed_year ? digits < (negative ? 4 : 5) || digits > 9 : digits != 4)
    return false;
  year = at.number(digits);
  if (negative && year == 0)
    return false;
  year = negative ? -year : year;
  return true;
}

bool read_date(cursor& at) {
  int year = 0;
  if (!read_year(at, year) || !at.take('-'))
    return false;
  const auto month = at.number(2);
  if (month < 1 || month > 12 || !at.take('-'))
    return false;
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto day = at.number(2);
  return day >= 1 && day <= lengths[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

/// `Z` or a sign, hours, minutes and perhaps seconds; at a time of day the hours may be all.
bool read_offset(cursor& at, int most_hours, bool hours_alone = false) {
  if (at.take('Z') || at.take('z'))
    return true;
  if (!at.take('+') && !at.take('-'))
    return false;
  const auto hours = at.number(2);
  if (hours_alone && at.done())
    return hours >= 0 && hours <= most_hours;
  if (hours < 0 || !at.take(':'))
    return false;
  const auto minutes = at.number(2);
  auto seconds = 0;
  if (at.take(':'))
    seconds = at.number(2);
  return minutes >= 0 && minutes <= 59 && seconds >= 0 && seconds <= 59 &&
         hours * 3600 + minutes * 60 + seconds <= most_hours * 3600 + (most_hours > 18 ? 3599 : 0);
}

/// An offset as an id of a zone: `+h`, `+hh`, `+hh:mm`, `+hhmm`, with seconds as well.
bool is_offset_id(std::string_view text) {
  if (text == "Z")
    return true;
  if (text.empty() || (text.front() != '+' && text.front() != '-'))
    return false;
  cursor at{text.substr(1)};
  const auto run = at.digits();
  const auto all = text.size() - 1;
  int hours = -1;
  int minutes = 0;
  int seconds = 0;
  if (run == 1 && all == 1) {
    hours = at.number(1);
  } else if (run == 4 || run == 6) {
    hours = at.number(2);
    minutes = at.number(2);
    seconds = run == 6 ? at.number(2) : 0;
  } else if (run == 2) {
    hours = at.number(2);
    if (at.take(':')) {
      minutes = at.number(2);
      if (at.take(':'))
        seconds = at.number(2);
    }
  }
  return at.done() && hours >= 0 && minutes >= 0 && minutes <= 59 && seconds >= 0 &&
         seconds <= 59 && hours * 3600 + minutes * 60 + seconds <= 18 * 3600;
}

/// Runs of the letters in `letters`, each no longer than its bound; `'` encloses what is written as
/// it is.
bool compiles(std::string_view format, std::string_view letters, const int* longest) {
  for (std::size_t at = 0; at < format.size();) {
    const auto c = format[at];
    if (c == '\'') {
      at = format.find('\'', at + 1);
      if (at == format.npos)
        return false;
      ++at;
      continue;
    }
    if (c == '#')
      return false;
    auto end = at;
    while (end < format.size() && format[end] == c)
      ++end;
    if (const auto which = letters.find(c);
        which != letters.npos && static_cast<int>(end - at) > longest[which])
      return false;
    at = end;
  }
  return true;
}

} // namespace

bool is_date(std::string_view text) {
  cursor at{text};
  if (!read_date(at))
    return false;
  return at.done() || (read_offset(at, 99) && at.done());
}

bool is_time(std::string_view text) {
  if (text == "24:00:00")
    return true;
  cursor at{text};
  const auto hours = at.number(2);
  const auto one = at.take(':');
  const auto minutes = at.number(2);
  const auto two = at.take(':');
  const auto seconds = at.number(2);
  return one && two && at.done() && hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59 &&
         seconds >= 0 && seconds <= 59;
}

bool is_date_time(std::string_view text) {
  cursor at{text};
  if (!read_date(at) || (!at.take('T') && !at.take('t')))
    return false;
  const auto hours = at.number(2);
  if (hours < 0 || hours > 23 || !at.take(':'))
    return false;
  const auto minutes = at.number(2);
  if (minutes < 0 || minutes > 59)
    return false;
  if (at.take(':')) {
    const auto seconds = at.number(2);
    if (seconds < 0 || seconds > 59)
      return false;
    if (at.take('.')) {
      const auto digits = at.digits();
      if (digits > 9)
        return false;
      at.number(digits);
    }
  }
  return read_offset(at, 18, true) && at.done();
}

bool is_zone(std::string_view text) {
  if (text.size() <= 1 || text.front() == '+' || text.front() == '-')
    return is_offset_id(text);
  for (std::string_view head : {"UTC", "GMT", "UT"})
    if (text.starts_with(head)) {
      const auto rest = text.substr(head.size());
      if (rest.empty())
        return true;
      if (rest.front() == '+' || rest.front() == '-')
        return is_offset_id(rest);
    }
  return is_zone_name(text);
}

bool is_date_format(std::string_view text) {
  constexpr int longest[] = {5, 2, 19};
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= ' ' && c <= ':') || c == 'M' || c == 'd' || c == 'y';
  }) && compiles(text, "Mdy", longest);
}

bool is_time_format(std::string_view text) {
  constexpr int longest[] = {2, 2, 2, 2, 1};
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::string_view{"hHmsa: "}.find(c) != std::string_view::npos;
  }) && compiles(text, "hHmsa", longest);
}

} // namespace tutti::messageml
