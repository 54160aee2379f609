#include <wire/messageml/grammar/attributes.hpp>

#include <wire/messageml/text/json_values.hpp>
#include <wire/messageml/text/values.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace tutti::messageml {

namespace {

struct flaw {
  fault_kind kind;
  std::string text;
};

bool takes(const attribute_row& row, spelling in) {
  return (static_cast<unsigned>(row.in) & static_cast<unsigned>(in)) != 0;
}

std::optional<flaw> flaw_unless(bool good, fault_kind kind, std::string text) {
  return good ? std::nullopt : std::optional{flaw{kind, std::move(text)}};
}

template <class Number>
std::optional<flaw> number_flaw(const attribute_row& row, std::optional<Number> number) {
  if (!number)
    return flaw{fault_kind::not_an_integer, "it is a whole number"};
  return flaw_unless(*number >= row.least && *number <= row.most, fault_kind::out_of_range,
                     fmt::format("it is from {} to {}", row.least, row.most));
}

std::optional<flaw> word_flaw(const attribute_row& row, const std::string& value) {
  auto words = row.words;
  const auto may_be_empty = words.ends_with("  ");
  if (may_be_empty)
    words.remove_suffix(2);
  const auto good = (may_be_empty && value.empty()) ||
                    (row.type == value_type::exact_word ? in_list_exactly(value, words)
                                                        : in_list(value, lower(words)));
  return flaw_unless(good, fault_kind::not_in_list, fmt::format("it is one of: {}", words));
}

/// What is wrong with a value, beyond that it is missing.
std::optional<flaw> flaw_of(const attribute_row& row, const std::string& value) {
  if (row.most > 0 && row.type != value_type::integer && row.type != value_type::long_integer &&
      units(value) > static_cast<std::size_t>(row.most))
    return flaw{fault_kind::too_long, fmt::format("it has at most {} characters", row.most)};
  switch (row.type) {
  case value_type::text:
  case value_type::ignored:
  case value_type::label_id:
    return std::nullopt;
  case value_type::boolean:
    return flaw_unless(is_boolean(value), fault_kind::not_a_boolean, "it is true or false");
  case value_type::integer:
    return number_flaw(row, read_int(value));
  case value_type::long_integer:
    return number_flaw(row, read_long(value));
  case value_type::word:
  case value_type::exact_word:
    return word_flaw(row, value);
  case value_type::uri:
    if (auto text = flaw_of_uri(value); !text.empty())
      return flaw{fault_kind::bad_uri, std::move(text)};
    return std::nullopt;
  case value_type::style:
    if (auto text = flaw_of_style(value); !text.empty())
      return flaw{fault_kind::bad_style, std::move(text)};
    return std::nullopt;
  case value_type::id:
    return flaw_unless(!has_white_space(value), fault_kind::blank_in_id, "it has no blanks");
  case value_type::date:
    return flaw_unless(is_date(value), fault_kind::bad_date_or_time, "a date is like 2026-03-01");
  case value_type::time:
    return flaw_unless(is_time(value), fault_kind::bad_date_or_time, "a time is like 09:30:00");
  case value_type::date_time:
    return flaw_unless(is_date_time(value), fault_kind::bad_date_or_time,
                       "it is like 2026-03-01T09:30:00+01:00");
  case value_type::zone:
    return flaw_unless(value.empty() || is_zone(value), fault_kind::bad_date_or_time,
                       "a time zone is like Europe/Paris");
  case value_type::date_format:
    return flaw_unless(is_date_format(value), fault_kind::bad_date_or_time,
                       "a format is like dd/MM/yyyy");
  case value_type::time_format:
    return flaw_unless(is_time_format(value), fault_kind::bad_date_or_time,
                       "a format is like HH:mm");
  case value_type::user_list:
    return flaw_unless(count_user_ids(value, true).has_value(), fault_kind::bad_json,
                       "it is a JSON array of user ids");
  case value_type::text_list:
    return flaw_unless(is_text_list(value), fault_kind::bad_json, "it is a JSON array of ids");
  case value_type::zone_list:
    return flaw_unless(zone_list(value).has_value(), fault_kind::bad_json,
                       "it is a JSON array of time zones");
  case value_type::json_texts:
    return flaw_unless(text_list(value).has_value(), fault_kind::bad_json,
                       "it is a JSON array of texts");
  case value_type::date_list:
    return flaw_unless(date_intervals(value).has_value(), fault_kind::bad_json,
                       "it is a JSON array of {day}, {from, to} or {daysOfWeek}");
  case value_type::time_list:
    return flaw_unless(time_intervals(value).has_value(), fault_kind::bad_json,
                       "it is a JSON array of {time} or {from, to}");
  case value_type::pattern:
    return flaw_unless(is_pattern(value), fault_kind::bad_pattern, "it is no regular expression");
  }
  return std::nullopt;
}

/// What the agent keeps of it.
std::string kept(const attribute_row& row, const std::string& value) {
  if (row.type == value_type::long_integer)
    if (auto number = read_long(value))
      return std::to_string(*number);
  if (row.json && row.type == value_type::date_list)
    return date_intervals(value).value_or(value);
  if (row.json && row.type == value_type::time_list)
    return time_intervals(value).value_or(value);
  if (row.json && row.type == value_type::json_texts)
    return text_list(value).value_or(value);
  if (row.json && row.type == value_type::zone_list)
    return zone_list(value).value_or(value);
  return value;
}

} // namespace

std::optional<fault> fault_of(const attribute_row& row, const std::string* value,
                              std::string_view tag) {
  auto made = [&](fault_kind kind, std::string text) {
    return fault{kind, {}, std::string{tag}, std::string{row.name}, std::move(text)};
  };
  if (value)
    if (auto wrong = flaw_of(row, *value))
      return made(wrong->kind, std::move(wrong->text));
  if (row.needed != need::no && (!value || (row.needed == need::filled && is_trim_empty(*value))))
    return made(fault_kind::attribute_missing, value ? "it is empty" : "it is missing");
  return std::nullopt;
}

const attribute_row* find_attribute(const element_row& row, std::string_view name, spelling in) {
  for (const auto& each : row.attributes)
    if (each.name == name && takes(each, in))
      return &each;
  return nullptr;
}

void read_attributes(const std::vector<std::pair<std::string, std::string>>& given,
                     const std::string& tag, element& made, faults& found) {
  const auto& row = made.row();
  auto complain = [&](std::string_view name, fault_kind kind, std::string text) {
    found.push_back({kind, made.at, tag, std::string{name}, std::move(text)});
  };
  for (const auto& [name, value] : given) {
    // Of a mention or a tag that is in the entity data, the form is that of PresentationML.
    const auto* known = find_attribute(row, name, made.custom ? spelling::both : made.in);
    if (!known) {
      complain(name, fault_kind::unknown_attribute, "the element does not take it");
      continue;
    }
    if (known->type != value_type::ignored)
      made.values.push_back({known, value});
    else if (auto wrong = flaw_of(*known, value))
      complain(name, wrong->kind, std::move(wrong->text));
  }
  for (auto& each : made.values) {
    // Of two names for one attribute the value that is not written is not looked at.
    const auto& name = each.row->written;
    const auto replaced = !name.empty() && made.written(name) != &each && made.what != kind::code;
    // A class of a button is looked at by its rules, which cut it first.
    const auto later = made.what == kind::button && each.row->name == "class";
    if (auto wrong = replaced || later ? std::nullopt : flaw_of(*each.row, each.text))
      complain(each.row->name, wrong->kind, std::move(wrong->text));
    each.text = kept(*each.row, each.text);
  }
  for (const auto& each : row.attributes)
    if (each.needed != need::no && takes(each, made.in)) {
      const auto* value = made.find(each.name);
      if (!value || (each.needed == need::filled && is_trim_empty(*value)))
        complain(each.name, fault_kind::attribute_missing, value ? "it is empty" : "it is missing");
    }
}

} // namespace tutti::messageml
