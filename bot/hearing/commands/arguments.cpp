#include <bot/hearing/commands/arguments.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

namespace tutti::commands {

namespace {

using texts = command_texts;

complaint about(const parameter& which, std::string texts::*text, const std::string& given) {
  return {text, {{"name", which.name}, {"given", shortened(given)}}};
}

read_value integer(const parameter& which, const wanted_argument& limits, const word& given) {
  std::int64_t number = 0;
  const auto* first = given.text.data() + (given.text.starts_with('+') ? 1 : 0);
  const auto* last = given.text.data() + given.text.size();
  const auto [end, error] = std::from_chars(first, last, number);
  if (end != last || given.text.starts_with("+-") || error == std::errc::invalid_argument)
    return about(which, &texts::not_integer, given.text);
  if (error != std::errc{} || number < limits.least || number > limits.most) {
    auto wrong = about(which, &texts::out_of_range, given.text);
    wrong.words.emplace("least", std::to_string(limits.least));
    wrong.words.emplace("most", std::to_string(limits.most));
    return wrong;
  }
  return argument_value{number};
}

read_value decimal(const parameter& which, const word& given) {
  double number = 0;
  const auto* last = given.text.data() + given.text.size();
  const auto plus = given.text.starts_with('+') && !given.text.starts_with("+-");
  const auto [end, error] = std::from_chars(given.text.data() + (plus ? 1 : 0), last, number);
  if (error != std::errc{} || end != last || !std::isfinite(number))
    return about(which, &texts::not_decimal, given.text);
  return argument_value{number};
}

read_value boolean(const parameter& which, const word& given) {
  const auto word = folded(given.text);
  for (const auto* yes : {"yes", "true", "on", "1"})
    if (word == yes)
      return argument_value{true};
  for (const auto* no : {"no", "false", "off", "0"})
    if (word == no)
      return argument_value{false};
  return about(which, &texts::not_boolean, given.text);
}

read_value date(const parameter& which, const word& given) {
  const std::string_view text = given.text;
  auto number = [&](std::size_t from, std::size_t count) {
    int value = -1;
    const auto* last = text.data() + from + count;
    const auto [end, error] = std::from_chars(text.data() + from, last, value);
    return end == last && error == std::errc{} ? value : -1;
  };
  constexpr std::size_t length = 10; // 2026-12-31
  if (text.size() == length && text[4] == '-' && text[7] == '-') {
    const auto year = number(0, 4);
    const auto month = number(5, 2);
    const auto day = number(8, 2);
    if (year >= 0 && month >= 0 && day >= 0) {
      const std::chrono::year_month_day made{std::chrono::year{year},
                                             std::chrono::month{static_cast<unsigned>(month)},
                                             std::chrono::day{static_cast<unsigned>(day)}};
      if (made.ok())
        return argument_value{made};
    }
  }
  return about(which, &texts::not_date, given.text);
}

constexpr std::pair<std::string_view, std::int64_t> units[] = {
    {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};

/// Of so many milliseconds, as a person writes it.
std::string in_units(std::int64_t millis) {
  std::string made;
  for (const auto& [unit, size] : units)
    if (millis >= size) {
      made += std::to_string(millis / size).append(unit);
      millis %= size;
    }
  return made;
}

/// `2h30m`: numbers with units, each unit once and the larger ones first.
read_value duration(const parameter& which, const wanted_argument& limits, const word& given) {
  using std::chrono::milliseconds;
  constexpr std::int64_t longest = milliseconds{std::chrono::years{100}}.count();
  std::int64_t sum = 0;
  std::size_t next = 0;
  std::string_view rest = given.text;
  auto good = !rest.empty();
  while (good && !rest.empty()) {
    std::int64_t amount = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), amount);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const auto letters = std::min(rest.find_first_of("0123456789"), rest.size());
    const auto unit =
        std::find_if(std::begin(units) + next, std::end(units),
                     [&](const auto& each) { return each.first == rest.substr(0, letters); });
    good = error == std::errc{} && amount >= 0 && unit != std::end(units) &&
           amount <= longest / unit->second && sum <= longest - amount * unit->second;
    if (!good)
      break;
    sum += amount * unit->second;
    next = static_cast<std::size_t>(unit - std::begin(units)) + 1;
    rest.remove_prefix(letters);
  }
  if (!good)
    return about(which, &texts::not_duration, given.text);
  if (sum % limits.unit != 0 || sum > limits.most) {
    auto wrong = about(which, &texts::not_in_units, given.text);
    wrong.words.emplace("unit", in_units(limits.unit));
    wrong.words.emplace("most", in_units(limits.most - limits.most % limits.unit));
    return wrong;
  }
  return argument_value{milliseconds{sum}};
}

read_value user(const parameter& which, const word& given) {
  if (given.kind != messageml::piece_kind::mention || !given.user)
    return about(which, &texts::not_user, given.text);
  user_info who;
  who.id = *given.user;
  who.display_name = given.text.starts_with('@') ? given.text.substr(1) : given.text;
  return argument_value{std::move(who)};
}

/// A tag that the client has made one, or a word that looks like one.
read_value tag(const parameter& which, const word& given, messageml::piece_kind kind, char sign,
               std::string texts::*otherwise) {
  if (given.kind == kind && !given.value.empty())
    return argument_value{given.value};
  if (given.kind == messageml::piece_kind::text && given.text.size() > 1 &&
      given.text.front() == sign)
    return argument_value{given.text.substr(1)};
  return about(which, otherwise, given.text);
}

read_value choice(const parameter& which, const word& given) {
  std::string all;
  for (const auto& each : which.choices) {
    if (folded(each) == folded(given.text))
      return argument_value{each};
    all.append(all.empty() ? "" : ", ").append(each);
  }
  auto wrong = about(which, &texts::not_choice, given.text);
  wrong.words.emplace("choices", all);
  return wrong;
}

std::string rest_of(const words& message, std::size_t from) {
  auto rest = message.text.substr(message.all[from].begin);
  rest.erase(rest.find_last_not_of(" \t\r\n") + 1);
  return rest;
}

} // namespace

std::string filled(const std::string& text,
                   const std::map<std::string, std::string, std::less<>>& words) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find('{', at);
    const auto close = open == text.npos ? text.npos : text.find('}', open);
    if (close == text.npos)
      return made.append(text, at);
    made.append(text, at, open - at);
    const auto found = words.find(std::string_view{text}.substr(open + 1, close - open - 1));
    if (found == words.end())
      made.append(text, open, close + 1 - open);
    else
      made += found->second;
    at = close + 1;
  }
  return made;
}

read_value value_of(const parameter& which, const wanted_argument& limits, const word& given) {
  switch (which.type) {
  case parameter_type::word:
  case parameter_type::text:
    return argument_value{given.text};
  case parameter_type::integer:
    return integer(which, limits, given);
  case parameter_type::decimal:
    return decimal(which, given);
  case parameter_type::boolean:
    return boolean(which, given);
  case parameter_type::date:
    return date(which, given);
  case parameter_type::duration:
    return duration(which, limits, given);
  case parameter_type::user:
    return user(which, given);
  case parameter_type::hashtag:
    return tag(which, given, messageml::piece_kind::hashtag, '#', &texts::not_hashtag);
  case parameter_type::cashtag:
    return tag(which, given, messageml::piece_kind::cashtag, '$', &texts::not_cashtag);
  case parameter_type::choice:
    return choice(which, given);
  }
  return argument_value{given.text};
}

std::variant<std::vector<argument_value>, complaint>
values_of(const pattern& of, const std::vector<wanted_argument>& takes, const words& message,
          std::size_t first) {
  std::vector<argument_value> made;
  made.reserve(of.parameters.size());
  for (std::size_t i = 0; i < of.parameters.size(); ++i) {
    const auto& which = of.parameters[i];
    if (first == message.all.size()) {
      if (!which.optional)
        return about(which, &texts::missing, {});
      if (!which.preset) {
        made.emplace_back();
        continue;
      }
      word preset;
      preset.text = *which.preset;
      made.push_back(std::get<argument_value>(value_of(which, takes[i], preset)));
      continue;
    }
    if (which.type == parameter_type::text) {
      made.emplace_back(rest_of(message, first));
      first = message.all.size();
      continue;
    }
    auto read = value_of(which, takes[i], message.all[first++]);
    if (auto* wrong = std::get_if<complaint>(&read))
      return std::move(*wrong);
    made.push_back(std::get<argument_value>(std::move(read)));
  }
  if (first < message.all.size())
    return complaint{&texts::too_much, {{"given", shortened(rest_of(message, first))}}};
  return made;
}

argument_form form_of(parameter_type type) noexcept {
  switch (type) {
  case parameter_type::integer:
    return argument_form::integer;
  case parameter_type::decimal:
    return argument_form::decimal;
  case parameter_type::boolean:
    return argument_form::boolean;
  case parameter_type::date:
    return argument_form::date;
  case parameter_type::duration:
    return argument_form::duration;
  case parameter_type::user:
    return argument_form::user;
  case parameter_type::word:
  case parameter_type::text:
  case parameter_type::hashtag:
  case parameter_type::cashtag:
  case parameter_type::choice:
    return argument_form::text;
  }
  return argument_form::text;
}

bool fits(parameter_type type, argument_form form) noexcept {
  return form_of(type) == form;
}

bool is_of(const argument_value& given, const wanted_argument& takes) noexcept {
  if (std::holds_alternative<std::monostate>(given))
    return takes.optional;
  if (const auto* number = std::get_if<std::int64_t>(&given))
    return takes.form == argument_form::integer && *number >= takes.least && *number <= takes.most;
  // The alternatives after `monostate` are in the order of the forms.
  return given.index() == static_cast<std::size_t>(takes.form) + 1;
}

std::string_view to_string(argument_form form) noexcept {
  switch (form) {
  case argument_form::text:
    return "std::string";
  case argument_form::integer:
    return "an integer";
  case argument_form::decimal:
    return "double";
  case argument_form::boolean:
    return "bool";
  case argument_form::date:
    return "std::chrono::year_month_day";
  case argument_form::duration:
    return "a std::chrono duration";
  case argument_form::user:
    return "tutti::user_info";
  }
  return "";
}

} // namespace tutti::commands
