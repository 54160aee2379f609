#include <wire/messageml/output/json_text.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

namespace tutti::messageml {

namespace json = boost::json;

namespace {

/// The shortest text that is the number again, with a point: `1.5`, `1000.0`.
void append_number(double number, std::string& out) {
  std::array<char, 400> text{};
  const auto large = std::abs(number) >= 1e7 || (number != 0 && std::abs(number) < 1e-3);
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), number,
                    large ? std::chars_format::scientific : std::chars_format::fixed);
  if (error != std::errc{})
    return;
  const std::string_view digits{text.data(), static_cast<std::size_t>(end - text.data())};
  const auto e = std::min(digits.find('e'), digits.size());
  out += digits.substr(0, e);
  if (digits.substr(0, e).find('.') == digits.npos)
    out += ".0";
  out += digits.substr(e);
}

void append(const json::value& one, std::string& out) {
  if (const auto* object = one.if_object()) {
    out += '{';
    for (const auto& member : *object) {
      out += &member == &*object->begin() ? "" : ",";
      (out += json::serialize(json::string(member.key()))) += ':';
      append(member.value(), out);
    }
    out += '}';
  } else if (const auto* array = one.if_array()) {
    out += '[';
    for (const auto& each : *array) {
      out += &each == &array->front() ? "" : ",";
      append(each, out);
    }
    out += ']';
  } else if (one.is_double()) {
    append_number(one.get_double(), out);
  } else {
    out += json::serialize(one);
  }
}

} // namespace

std::string json_text(const json::value& one) {
  std::string out;
  append(one, out);
  return out;
}

bool is_finite(const json::value& one) {
  if (const auto* object = one.if_object())
    return std::all_of(object->begin(), object->end(),
                       [](const auto& member) { return is_finite(member.value()); });
  if (const auto* array = one.if_array())
    return std::all_of(array->begin(), array->end(), is_finite);
  return !one.is_double() || std::isfinite(one.get_double());
}

} // namespace tutti::messageml
