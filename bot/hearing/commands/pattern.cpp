#include <bot/hearing/commands/pattern.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace tutti::commands {

namespace {

constexpr std::array<std::pair<std::string_view, parameter_type>, 10> type_words{{
    {"word", parameter_type::word},
    {"text", parameter_type::text},
    {"int", parameter_type::integer},
    {"decimal", parameter_type::decimal},
    {"bool", parameter_type::boolean},
    {"date", parameter_type::date},
    {"duration", parameter_type::duration},
    {"user", parameter_type::user},
    {"hashtag", parameter_type::hashtag},
    {"cashtag", parameter_type::cashtag},
}};

failure wrong(const std::string& what) {
  return {errc::misconfigured, what, 0, "command"};
}

std::string in_braces(std::string_view text) {
  return "{" + std::string{text} + "}";
}

/// `choice(a|b|c)`
std::vector<std::string> choices_of(std::string_view type) {
  constexpr std::string_view head = "choice(";
  std::vector<std::string> all;
  if (!type.starts_with(head) || !type.ends_with(')'))
    return all;
  auto rest = type.substr(head.size(), type.size() - head.size() - 1);
  while (true) {
    const auto bar = rest.find('|');
    if (rest.substr(0, bar).empty() || rest.substr(0, bar).find(' ') != rest.npos)
      return {};
    all.emplace_back(rest.substr(0, bar));
    if (bar == rest.npos)
      return all;
    rest.remove_prefix(bar + 1);
  }
}

result<parameter> read_parameter(std::string_view text) {
  const auto whole = in_braces(text);
  parameter made;
  auto rest = text;
  if (const auto equals = rest.find('='); equals != rest.npos) {
    made.preset = std::string{rest.substr(equals + 1)};
    made.optional = true;
    rest = rest.substr(0, equals);
  } else if (rest.ends_with('?')) {
    made.optional = true;
    rest.remove_suffix(1);
  }
  const auto colon = rest.find(':');
  made.name = rest.substr(0, colon);
  const auto is_part = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; };
  if (made.name.empty() || !std::all_of(made.name.begin(), made.name.end(), is_part))
    return wrong(whole + ": a parameter begins with its name, of letters, digits, - and _");
  if (colon == rest.npos)
    return made;
  const auto type = rest.substr(colon + 1);
  const auto known = std::find_if(type_words.begin(), type_words.end(),
                                  [type](const auto& each) { return each.first == type; });
  if (known != type_words.end()) {
    made.type = known->second;
    return made;
  }
  made.type = parameter_type::choice;
  made.choices = choices_of(type);
  if (!made.choices.empty())
    return made;
  std::string all;
  for (const auto& [word, which] : type_words)
    all.append(word).append(", ");
  return wrong(whole + ": '" + std::string{type} + "' is none of: " + all + "choice(a|b|c)");
}

/// What keeps it from being after the others; empty for nothing.
std::string misplaced(const std::vector<parameter>& before, const parameter& one) {
  const auto same = [&](const auto& each) { return each.name == one.name; };
  if (std::any_of(before.begin(), before.end(), same))
    return "a second parameter of that name";
  if (before.empty())
    return {};
  if (before.back().type == parameter_type::text)
    return "nothing can follow " + in_braces(before.back().name + ":text") +
           ", which takes all that is left";
  if (before.back().optional && !one.optional)
    return "it must be given, and the one before it may be left out";
  return {};
}

} // namespace

std::string_view to_string(parameter_type type) noexcept {
  for (const auto& [word, which] : type_words)
    if (which == type)
      return word;
  return "choice";
}

std::string folded(std::string_view word) {
  std::string made{word};
  for (auto& c : made)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return made;
}

result<pattern> read_pattern(std::string_view text) {
  pattern made;
  if (text.find_first_of("\t\r\n") != text.npos)
    return wrong("the parts of a pattern are apart by spaces, not by tabs or line breaks");
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    if (text[at] != '{') {
      const auto end = std::min(text.find(' ', at), text.size());
      const auto word = text.substr(at, end - at);
      if (word.find_first_of("{}") != word.npos)
        return wrong("'" + std::string{word} + "': a parameter is apart from the word before it");
      if (word == "/" || std::string_view{"@#$\""}.find(word.front()) != std::string_view::npos)
        return wrong("'" + std::string{word} +
                     "': a command's words are plain ones, no mentions, tags or quotes");
      if (!made.parameters.empty())
        return wrong("'" + std::string{word} + "': a word cannot follow a parameter");
      made.words.emplace_back(word);
      at = end;
      continue;
    }
    const auto end = text.find('}', at);
    if (end == text.npos)
      return wrong("'" + std::string{text.substr(at)} + "': the brace is not closed");
    const auto within = text.substr(at + 1, end - at - 1);
    auto one = read_parameter(within);
    if (!one)
      return one.error();
    if (auto why = misplaced(made.parameters, *one); !why.empty())
      return wrong(in_braces(within) + ": " + why);
    made.parameters.push_back(std::move(*one));
    at = end + 1;
  }
  if (made.words.empty())
    return wrong("a command begins with a word, e.g. /quote");
  return made;
}

std::string pattern::name() const {
  std::string made;
  for (const auto& each : words)
    made.append(made.empty() ? "" : " ").append(folded(each));
  return made;
}

std::string pattern::usage() const {
  std::string made;
  for (const auto& each : words)
    made.append(made.empty() ? "" : " ").append(each);
  for (const auto& each : parameters) {
    std::string shown = each.name;
    if (!each.choices.empty()) {
      shown.clear();
      for (const auto& one : each.choices)
        shown.append(shown.empty() ? "" : "|").append(one);
    }
    if (each.preset && !each.preset->empty())
      shown.append("=").append(*each.preset);
    made.append(each.optional ? " [" + shown + "]" : " " + shown);
  }
  return made;
}

} // namespace tutti::commands
