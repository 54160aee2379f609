// Replies to forms made of classes: what comes back, checked again.
#include <bot/hearing/commands/arguments.hpp>
#include <bot/hearing/forms/field_texts.hpp>

#include <tutti/form.hpp>
#include <tutti/regular_expression.hpp>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace tutti::detail {

using commands::filled;

namespace {

/// A value, nothing for a field that is empty, or what is wrong.
using read_field = std::variant<std::monostate, json_value, std::string>;

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char each) { return (each & 0xC0) != 0x80; }));
}

read_field read_text(const form_field& which, const std::string& given,
                     const command_texts& texts) {
  const auto& how = which.options;
  const auto label = label_of(which);
  const auto length = characters(given);
  if (how.min_length && length < static_cast<std::size_t>(*how.min_length))
    return filled(texts.too_short, {{"name", label}, {"least", std::to_string(*how.min_length)}});
  if (how.max_length && length > static_cast<std::size_t>(*how.max_length))
    return filled(texts.too_many_characters,
                  {{"name", label}, {"most", std::to_string(*how.max_length)}});
  if (!how.pattern.empty() && !regular_expression{how.pattern}.found_in(given))
    return how.pattern_error.empty()
               ? filled(texts.not_matching,
                        {{"name", label}, {"given", commands::shortened(given)}})
               : label + ": " + how.pattern_error;
  return json_value{given};
}

/// By the reader of a command's parameter.
read_field read_argument(const form_field& which, commands::parameter_type type,
                         const std::string& given, const command_texts& texts) {
  commands::parameter as;
  as.name = label_of(which);
  as.type = type;
  wanted_argument limits;
  limits.least = std::max(which.least, which.options.least.value_or(which.least));
  limits.most = std::min(which.most, which.options.most.value_or(which.most));
  commands::word word;
  const auto first = std::min(given.find_first_not_of(' '), given.size());
  word.text = given.substr(first, given.find_last_not_of(' ') + 1 - first);
  auto read = commands::value_of(as, limits, word);
  if (const auto* wrong = std::get_if<commands::complaint>(&read))
    return filled(texts.*wrong->text, wrong->words);
  const auto& value = std::get<argument_value>(read);
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return json_value{*number};
  if (const auto* number = std::get_if<double>(&value))
    return json_value{*number};
  return to_value(std::get<std::chrono::year_month_day>(value));
}

read_field read_choice(const form_field& which, const std::string& given,
                       const command_texts& texts) {
  if (std::find(which.values.begin(), which.values.end(), given) != which.values.end())
    return json_value{given};
  std::string all;
  for (const auto& each : which.values)
    all.append(all.empty() ? "" : ", ").append(each);
  return filled(texts.not_choice, {{"name", label_of(which)}, {"given", given}, {"choices", all}});
}

read_field read_user(const form_field& which, const std::string& given,
                     const command_texts& texts) {
  const auto number = read_json(given);
  const auto* id = number ? std::get_if<std::int64_t>(&number->what) : nullptr;
  if (id && user_id::make(*id))
    return json_value{*id};
  return filled(texts.not_user, {{"name", label_of(which)}, {"given", commands::shortened(given)}});
}

/// `{userIds:[...], streamIds:[...]}`: the streams, in the dialect of URLs.
json_value streams_in(const std::string& given) {
  json_value::array made;
  const auto all = read_json(given);
  const auto* ids = all ? all->find("streamIds") : nullptr;
  const auto* list = ids ? std::get_if<json_value::array>(&ids->what) : nullptr;
  if (list)
    for (const auto& each : *list)
      if (const auto* text = std::get_if<std::string>(&each.what))
        if (const auto id = stream_id::make(*text))
          made.push_back({to_string(*id)});
  return {std::move(made)};
}

/// Two digits from there on; -1 for what is none.
int two_digits(const std::string& of, std::size_t at) {
  int number = -1;
  const auto* begin = of.data() + at;
  const auto [rest, error] = std::from_chars(begin, begin + 2, number);
  return error == std::errc{} && rest == begin + 2 ? number : -1;
}

/// `09:30:00`, or without seconds.
read_field read_time(const form_field& which, const std::string& given,
                     const command_texts& texts) {
  const auto seconds = given.size() == 8 && given[5] == ':';
  time_of_day made{-1, -1, -1};
  if ((seconds || given.size() == 5) && given[2] == ':')
    made = {two_digits(given, 0), two_digits(given, 3), seconds ? two_digits(given, 6) : 0};
  const auto good = made.hour >= 0 && made.hour < 24 && made.minute >= 0 && made.minute < 60 &&
                    made.second >= 0 && made.second < 60;
  if (!good)
    return filled(texts.not_matching,
                  {{"name", label_of(which)}, {"given", commands::shortened(given)}});
  return to_value(made);
}

read_field read_one(const form_field& which, const std::string& given, const command_texts& texts) {
  using commands::parameter_type;
  switch (which.form) {
  case field_form::integer:
    return read_argument(which, parameter_type::integer, given, texts);
  case field_form::decimal:
    return read_argument(which, parameter_type::decimal, given, texts);
  case field_form::date:
    return read_argument(which, parameter_type::date, given, texts);
  case field_form::time:
    return read_time(which, given, texts);
  case field_form::zone:
    return to_value(time_zone{given});
  case field_form::choice:
  case field_form::choices:
    return read_choice(which, given, texts);
  case field_form::user:
  case field_form::users:
    return read_user(which, given, texts);
  default:
    return read_text(which, given, texts);
  }
}

bool is_list(field_form form) {
  return form == field_form::choices || form == field_form::users;
}

read_field read_values(const form_field& which, const std::vector<std::string>& given,
                       const command_texts& texts) {
  json_value::array all;
  for (const auto& each : given) {
    if (each.empty())
      continue;
    auto one = read_one(which, each, texts);
    if (auto* wrong = std::get_if<std::string>(&one))
      return std::move(*wrong);
    all.push_back(std::get<json_value>(std::move(one)));
  }
  if (all.empty())
    return std::monostate{};
  if (is_list(which.form))
    return json_value{std::move(all)};
  if (all.size() > 1)
    return filled(texts.too_many_values, {{"name", label_of(which)}});
  return std::move(all.front());
}

} // namespace

namespace {

template <class T, class Text>
std::string as_text(const json_value& value, Text text) {
  T read;
  read_value(value, read);
  return text(read);
}

std::string listed_keys(const chosen_rows& rows) {
  std::string made;
  for (const auto& each : rows.keys)
    made.append(made.empty() ? "" : ", ").append(each);
  return made;
}

/// A box that is checked is a row that is chosen.
json_value rows_in(const form_field& which, const form_reply& reply) {
  chosen_rows made;
  for (std::size_t i = 0; i < which.options.rows.size(); ++i) {
    const auto name = std::string{row_prefix} + std::to_string(i + 1);
    if (std::any_of(reply.values.begin(), reply.values.end(),
                    [&](const auto& each) { return each.first == name; }))
      made.keys.push_back(which.options.rows[i].key);
  }
  return to_value(made);
}

} // namespace

std::string form_summary(const std::vector<form_field>& fields, const json_value& values) {
  std::string all;
  auto add = [&](const json_value& one, std::string& into) {
    if (const auto* yes = std::get_if<bool>(&one.what))
      into.append(*yes ? "yes" : "no");
    else
      into.append(text_of(one));
  };
  for (const auto& each : fields) {
    const auto* found = values.find(each.name);
    if (!found || *found == json_value{})
      continue;
    std::string shown;
    if (each.form == field_form::date)
      shown = date_text(*found);
    else if (each.form == field_form::time)
      shown = as_text<time_of_day>(*found, time_text);
    else if (each.form == field_form::zone)
      shown = as_text<time_zone>(*found, [](const auto& zone) { return zone.name; });
    else if (each.form == field_form::rows)
      shown = as_text<chosen_rows>(*found, listed_keys);
    else if (const auto* list = std::get_if<json_value::array>(&found->what))
      for (const auto& one : *list) {
        shown.append(shown.empty() ? "" : ", ");
        add(one, shown);
      }
    else
      add(*found, shown);
    if (!shown.empty())
      all.append(all.empty() ? "" : "; ").append(label_of(each)).append(": ").append(shown);
  }
  constexpr std::size_t most = 2'000; // Of a message, which has 60,000 characters at most.
  return commands::shortened(all, most);
}

std::variant<json_value, std::string> read_form_reply(const std::vector<form_field>& fields,
                                                      const form_reply& reply,
                                                      const command_texts& texts) {
  json_value::object made;
  for (const auto& each : fields) {
    const auto found = std::find_if(reply.values.begin(), reply.values.end(),
                                    [&](const auto& value) { return value.first == each.name; });
    const auto there = found != reply.values.end();
    if (each.form == field_form::boolean) { // A box that is not checked is absent.
      made.emplace(each.name, json_value{there});
      continue;
    }
    if (each.form == field_form::rows) {
      made.emplace(each.name, rows_in(each, reply));
      continue;
    }
    if (each.form == field_form::streams) {
      made.emplace(each.name, there && !found->second.empty() ? streams_in(found->second.front())
                                                              : json_value{json_value::array{}});
      continue;
    }
    auto read = there ? read_values(each, found->second, texts) : read_field{};
    if (auto* wrong = std::get_if<std::string>(&read))
      return std::move(*wrong);
    if (auto* value = std::get_if<json_value>(&read))
      made.emplace(each.name, std::move(*value));
    else if (each.required)
      return filled(texts.missing, {{"name", label_of(each)}});
    else
      made.emplace(each.name, is_list(each.form) ? json_value{json_value::array{}} : json_value{});
  }
  return json_value{std::move(made)};
}

} // namespace tutti::detail
