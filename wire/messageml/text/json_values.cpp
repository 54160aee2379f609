#include <wire/messageml/text/json_values.hpp>

#include <wire/messageml/text/values.hpp>

#include <boost/json.hpp>

namespace tutti::messageml {

namespace json = boost::json;

namespace {

/// The first value; what follows it is not looked at, as the agent does.
std::optional<json::value> first_value(std::string_view text) {
  json::parse_options options;
  options.max_depth = 8;
  json::stream_parser parser{{}, options};
  boost::system::error_code error;
  parser.write_some(text.data(), text.size(), error);
  if (!error && !parser.done())
    parser.finish(error);
  if (error)
    return std::nullopt;
  return parser.release();
}

std::optional<json::array> first_array(std::string_view text) {
  auto value = first_value(text);
  if (!value || !value->is_array())
    return std::nullopt;
  return std::move(value->get_array());
}

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

/// A number, or a text of one: with a fraction it counts as the whole part.
bool is_user_id(const json::value& one) {
  if (one.is_null() || one.is_int64())
    return true;
  if (one.is_double())
    return one.get_double() > -9.2e18 && one.get_double() < 9.2e18;
  if (const auto* text = one.if_string()) {
    auto word = view(*text);
    while (!word.empty() && static_cast<unsigned char>(word.front()) <= 0x20)
      word.remove_prefix(1);
    while (!word.empty() && static_cast<unsigned char>(word.back()) <= 0x20)
      word.remove_suffix(1);
    return word.empty() || read_long(word).has_value();
  }
  return false;
}

/// Texts in single quotes become texts in double quotes.
std::string in_double_quotes(std::string_view text) {
  std::string made;
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = text[at];
    if (c == '\\' && quote != '\0' && at + 1 < text.size()) {
      if (text[++at] == '\'')
        made += '\'';
      else
        (made += '\\') += text[at];
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
      made += '"';
    } else if (c == quote && quote != '\0') {
      quote = '\0';
      made += '"';
    } else if (c == '"') {
      made += "\\\"";
    } else {
      made += c;
    }
  }
  return made;
}

/// The members of an interval: nothing when there are others. `null` counts as absent.
bool read_members(const json::value& one, std::initializer_list<const char*> known,
                  json::object& into) {
  const auto* members = one.if_object();
  if (!members)
    return false;
  for (const auto& member : *members) {
    bool good = false;
    for (const auto* each : known)
      good = good || member.key() == each;
    if (!good)
      return false;
    if (!member.value().is_null())
      into[member.key()] = member.value();
  }
  return true;
}

bool is_text(const json::object& all, const char* key, bool (*good)(std::string_view)) {
  const auto* found = all.if_contains(key);
  return !found || (found->is_string() && good(view(found->get_string())));
}

/// Days of the week, 0 to 6; texts of numbers count, and fractions are cut off.
std::optional<json::array> weekdays(const json::value& given) {
  if (!given.is_array())
    return std::nullopt;
  json::array made;
  for (const auto& each : given.get_array()) {
    std::optional<std::int64_t> day;
    if (each.is_int64())
      day = each.get_int64();
    else if (each.is_double() && each.get_double() > -1 && each.get_double() < 7)
      day = static_cast<std::int64_t>(each.get_double());
    else if (each.is_string())
      day = read_int(view(each.get_string()));
    if (!day || *day < 0 || *day > 6)
      return std::nullopt;
    made.emplace_back(*day);
  }
  return made;
}

std::optional<json::object> date_interval(const json::value& one) {
  json::object given;
  if (!read_members(one, {"day", "from", "to", "daysOfWeek"}, given) ||
      !is_text(given, "day", is_date) || !is_text(given, "from", is_date) ||
      !is_text(given, "to", is_date))
    return std::nullopt;
  json::object made;
  if (given.size() == 1 && given.contains("day")) {
    made["type"] = "date";
    made["day"] = given["day"];
  } else if (given.size() == 2 && given.contains("from") && given.contains("to")) {
    made["type"] = "range";
    made["from"] = given["from"];
    made["to"] = given["to"];
  } else if (given.size() == 1 && given.contains("daysOfWeek")) {
    auto days = weekdays(given["daysOfWeek"]);
    if (!days)
      return std::nullopt;
    made["type"] = "weekdays";
    made["daysOfWeek"] = std::move(*days);
  } else {
    return std::nullopt;
  }
  return made;
}

std::optional<json::object> time_interval(const json::value& one) {
  json::object given;
  if (!read_members(one, {"time", "from", "to"}, given) || !is_text(given, "time", is_time) ||
      !is_text(given, "from", is_time) || !is_text(given, "to", is_time))
    return std::nullopt;
  json::object made;
  if (given.size() == 1 && given.contains("time")) {
    made["type"] = "time";
    made["time"] = given["time"];
  } else if (given.size() == 2 && given.contains("from") && given.contains("to")) {
    made["type"] = "range";
    made["from"] = given["from"];
    made["to"] = given["to"];
  } else {
    return std::nullopt;
  }
  return made;
}

template <class Read>
std::optional<std::string> intervals(std::string_view text, Read read) {
  auto given = first_array(text);
  if (!given)
    return std::nullopt;
  json::array made;
  for (const auto& each : *given) {
    auto one = read(each);
    if (!one)
      return std::nullopt;
    made.emplace_back(std::move(*one));
  }
  return json::serialize(made);
}

} // namespace

std::optional<std::size_t> count_user_ids(std::string_view text, bool null_list) {
  auto value = first_value(text);
  if (value && value->is_null() && null_list)
    return 0;
  if (!value || !value->is_array())
    return std::nullopt;
  for (const auto& each : value->get_array())
    if (!is_user_id(each))
      return std::nullopt;
  return value->get_array().size();
}

bool is_text_list(std::string_view text) {
  auto value = first_value(in_double_quotes(text));
  if (value && value->is_null())
    return true;
  if (!value || !value->is_array())
    return false;
  for (const auto& each : value->get_array())
    if (each.is_array() || each.is_object())
      return false;
  return true;
}

std::optional<std::string> zone_list(std::string_view text) {
  auto given = first_array(text);
  if (!given)
    return std::nullopt;
  for (const auto& each : *given)
    if (!each.is_string() || !is_zone(view(each.get_string())))
      return std::nullopt;
  return json::serialize(*given);
}

std::optional<std::string> text_list(std::string_view text) {
  auto given = first_array(text);
  if (!given)
    return std::nullopt;
  for (const auto& each : *given)
    if (!each.is_string())
      return std::nullopt;
  return json::serialize(*given);
}

std::optional<std::string> date_intervals(std::string_view text) {
  return intervals(text, date_interval);
}

std::optional<std::string> time_intervals(std::string_view text) {
  return intervals(text, time_interval);
}

} // namespace tutti::messageml
