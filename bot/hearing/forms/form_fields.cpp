// Fields of a form made of a class: how they look, and what comes back.
#include <bot/hearing/commands/arguments.hpp>

#include <tutti/form.hpp>
#include <tutti/regular_expression.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace tutti::detail {

namespace {

using commands::filled;

/// What people read.
std::string label_of(const form_field& which) {
  if (!which.options.label.empty())
    return which.options.label;
  auto made = which.name;
  std::replace(made.begin(), made.end(), '_', ' ');
  if (!made.empty() && made.front() >= 'a' && made.front() <= 'z')
    made.front() = static_cast<char>(made.front() - 'a' + 'A');
  return made;
}

std::string date_text(const json_value& days) {
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
std::string decimal_text(double number) {
  char text[400];
  const auto end =
      std::to_chars(std::begin(text), std::end(text), number, std::chars_format::fixed);
  return {std::begin(text), end.ptr};
}

/// As a field shows it.
std::string text_of(const json_value& preset) {
  if (const auto* text = std::get_if<std::string>(&preset.what))
    return *text;
  if (const auto* number = std::get_if<std::int64_t>(&preset.what))
    return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&preset.what))
    return decimal_text(*number);
  return {};
}

/// What a text field and a text area have in common.
template <class Options>
Options text_options(const form_field& which, std::string pattern, std::string pattern_error) {
  const auto& how = which.options;
  Options made;
  made.label = label_of(which);
  made.placeholder = how.placeholder;
  made.required = which.required;
  made.min_length = how.min_length;
  made.max_length = how.max_length;
  made.pattern = std::move(pattern);
  made.pattern_error = std::move(pattern_error);
  made.value = text_of(which.preset);
  return made;
}

messageml::form_part text_part(const form_field& which, std::string pattern,
                               std::string pattern_error) {
  if (which.options.multiline)
    return messageml::text_area(
        which.name, text_options<messageml::text_area_options>(which, std::move(pattern),
                                                               std::move(pattern_error)));
  return messageml::text_field(
      which.name, text_options<messageml::text_field_options>(which, std::move(pattern),
                                                              std::move(pattern_error)));
}

messageml::form_part select_part(const form_field& which) {
  std::vector<messageml::choice> choices;
  choices.reserve(which.values.size());
  std::vector<std::string> preset;
  if (which.form == field_form::choices)
    read_value(which.preset, preset);
  else
    preset.push_back(text_of(which.preset));
  for (std::size_t i = 0; i < which.values.size(); ++i) {
    const auto& value = which.values[i];
    const auto& shown = i < which.options.shown.size() ? which.options.shown[i] : value;
    const auto chosen = std::find(preset.begin(), preset.end(), value) != preset.end();
    choices.push_back({value, shown, chosen});
  }
  messageml::select_options made;
  made.label = label_of(which);
  made.placeholder = which.options.placeholder;
  made.required = which.required;
  made.multiple = which.form == field_form::choices;
  return messageml::select(which.name, choices, made);
}

messageml::form_part part_of(const form_field& which) {
  switch (which.form) {
  case field_form::text: {
    const auto& how = which.options;
    const auto plain = how.pattern.empty() || !how.pattern_error.empty();
    return text_part(which, how.pattern, plain ? how.pattern_error : "not as it is wanted");
  }
  case field_form::integer:
    return text_part(which, "^[+-]?[0-9]+$", "a whole number");
  case field_form::decimal:
    return text_part(which, "^[+-]?[0-9]*[.]?[0-9]+$", "a number");
  case field_form::boolean: {
    messageml::box_options made;
    made.checked = which.preset == json_value{true};
    return messageml::checkbox(which.name, label_of(which), made);
  }
  case field_form::date: {
    messageml::date_options made;
    made.label = label_of(which);
    made.placeholder = which.options.placeholder;
    made.required = which.required;
    if (which.preset != json_value{})
      made.value = date_text(which.preset);
    return messageml::date_picker(which.name, made);
  }
  case field_form::choice:
  case field_form::choices:
    return select_part(which);
  case field_form::user:
  case field_form::users: {
    messageml::selector_options<user_id> made;
    made.label = label_of(which);
    made.placeholder = which.options.placeholder;
    made.required = which.required;
    return messageml::person_selector(which.name, made);
  }
  case field_form::streams: {
    messageml::selector_options<stream_id> made;
    made.label = label_of(which);
    made.placeholder = which.options.placeholder;
    made.required = which.required;
    return messageml::room_selector(which.name, made);
  }
  }
  return text_part(which, {}, {});
}

} // namespace

messageml::content form_content(const std::string& id, const form_look& look,
                                const std::vector<form_field>& fields) {
  messageml::detail::markup inside;
  if (!look.title.empty())
    inside.append(messageml::heading(3, look.title).good());
  for (const auto& each : fields)
    inside.append(part_of(each).good());
  inside.append(messageml::action("send", look.send).good());
  if (!look.cancel.empty())
    inside.append(messageml::cancel("cancel", look.cancel).good());
  messageml::form_options how;
  how.id = id;
  return messageml::detail::form(how, inside);
}

// -- replies --------------------------------------------------------------------------------

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

read_field read_one(const form_field& which, const std::string& given, const command_texts& texts) {
  using commands::parameter_type;
  switch (which.form) {
  case field_form::integer:
    return read_argument(which, parameter_type::integer, given, texts);
  case field_form::decimal:
    return read_argument(which, parameter_type::decimal, given, texts);
  case field_form::date:
    return read_argument(which, parameter_type::date, given, texts);
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
