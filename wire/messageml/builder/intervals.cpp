// Intervals as the JSON that pickers take.
#include <tutti/messageml/intervals.hpp>

#include <tutti/messageml/part.hpp>

#include <wire/messageml/text/values.hpp>

namespace tutti::messageml {

namespace {

std::string quoted(std::string_view key, std::string_view value) {
  return std::string{"\""}.append(key).append("\":\"").append(value).append("\"");
}

std::string day_of(std::string_view text) {
  if (!is_date(text))
    detail::refuse("date-picker", "interval", "a date is like 2026-03-01");
  return std::string{text};
}

std::string time_of(std::string_view text) {
  if (!is_time(text))
    detail::refuse("time-picker", "interval", "a time is like 09:30:00");
  return std::string{text};
}

} // namespace

date_interval date_interval::day(std::string_view date) {
  return date_interval{"{" + quoted("day", day_of(date)) + "}"};
}

date_interval date_interval::between(std::string_view from, std::string_view to) {
  return date_interval{"{" + quoted("from", day_of(from)) + "," + quoted("to", day_of(to)) + "}"};
}

date_interval date_interval::weekdays(std::span<const std::chrono::weekday> days) {
  std::string list;
  for (const auto each : days)
    (list += list.empty() ? "" : ",") += std::to_string(each.c_encoding());
  return date_interval{"{\"daysOfWeek\":[" + list + "]}"};
}

time_interval time_interval::at(std::string_view time) {
  return time_interval{"{" + quoted("time", time_of(time)) + "}"};
}

time_interval time_interval::between(std::string_view from, std::string_view to) {
  return time_interval{"{" + quoted("from", time_of(from)) + "," + quoted("to", time_of(to)) + "}"};
}

} // namespace tutti::messageml
