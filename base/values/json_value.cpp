// JSON values as texts, by Boost.JSON.
#include <tutti/json_text.hpp>
#include <tutti/json_value.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cmath>

namespace tutti {

namespace {

namespace json = boost::json;

json::value to_boost(const json_value& from) {
  return std::visit(
      [](const auto& each) -> json::value {
        using type = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<type, std::string>) {
          return json::value(valid_utf8(each));
        } else if constexpr (std::is_same_v<type, double>) {
          return std::isfinite(each) ? json::value(each) : json::value(nullptr);
        } else if constexpr (std::is_same_v<type, json_value::array>) {
          json::array made;
          made.reserve(each.size());
          for (const auto& one : each)
            made.push_back(to_boost(one));
          return made;
        } else if constexpr (std::is_same_v<type, json_value::object>) {
          json::object made;
          for (const auto& [name, one] : each)
            made.emplace(valid_utf8(name), to_boost(one));
          return made;
        } else {
          return json::value(each);
        }
      },
      from.what);
}

json_value from_boost(const json::value& from) {
  switch (from.kind()) {
  case json::kind::null:
    return {};
  case json::kind::bool_:
    return {from.get_bool()};
  case json::kind::int64:
    return {from.get_int64()};
  case json::kind::uint64:
    return {static_cast<double>(from.get_uint64())};
  case json::kind::double_:
    return {from.get_double()};
  case json::kind::string:
    return {std::string{from.get_string()}};
  case json::kind::array: {
    json_value::array made;
    made.reserve(from.get_array().size());
    for (const auto& each : from.get_array())
      made.push_back(from_boost(each));
    return {std::move(made)};
  }
  case json::kind::object: {
    json_value::object made;
    for (const auto& each : from.get_object())
      made.emplace(std::string{each.key()}, from_boost(each.value()));
    return {std::move(made)};
  }
  }
  return {};
}

} // namespace

std::string to_json(const json_value& value) {
  return json::serialize(to_boost(value));
}

result<json_value> read_json(std::string_view text) {
  json::error_code wrong;
  json::parse_options how;
  how.max_depth = 500;
  const auto parsed = json::parse(text, wrong, {}, how);
  if (wrong)
    return failure{errc::protocol_error, "no JSON: " + wrong.message(), 0, "json"};
  return from_boost(parsed);
}

} // namespace tutti
