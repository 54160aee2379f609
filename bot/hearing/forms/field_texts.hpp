// The fields of forms made of classes, as texts.
#pragma once

#include <tutti/form.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string>

namespace tutti::detail {

/// What people read.
inline std::string label_of(const form_field& which) {
  if (!which.options.label.empty())
    return which.options.label;
  auto made = which.name;
  std::replace(made.begin(), made.end(), '_', ' ');
  if (!made.empty() && made.front() >= 'a' && made.front() <= 'z')
    made.front() = static_cast<char>(made.front() - 'a' + 'A');
  return made;
}

inline std::string date_text(const json_value& days) {
  std::chrono::year_month_day day;
  read_value(days, day);
  std::string text = std::to_string(static_cast<int>(day.year()));
  auto add = [&](unsigned part) {
    text.append(part < 10 ? "-0" : "-").append(std::to_string(part));
  };
  add(static_cast<unsigned>(day.month()));
  add(static_cast<unsigned>(day.day()));
  return text;
}

/// Without an exponent, which the field does not take.
inline std::string decimal_text(double number) {
  char text[400];
  const auto end =
      std::to_chars(std::begin(text), std::end(text), number, std::chars_format::fixed);
  return {std::begin(text), end.ptr};
}

/// As a field shows it.
inline std::string text_of(const json_value& preset) {
  if (const auto* text = std::get_if<std::string>(&preset.what))
    return *text;
  if (const auto* number = std::get_if<std::int64_t>(&preset.what))
    return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&preset.what))
    return decimal_text(*number);
  return {};
}

/// Two digits.
inline std::string padded(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

/// As the wire has it: `09:30:00`.
inline std::string time_text(const time_of_day& at) {
  return padded(at.hour) + ":" + padded(at.minute) + ":" + padded(at.second);
}

/// What the rows of a table are called in a reply, and a number from 1 on.
inline constexpr std::string_view row_prefix = "tablesel-row-";

} // namespace tutti::detail
