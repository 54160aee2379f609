// Looks at each character once.
#include <wire/messageml/builder/escape.hpp>

#include <algorithm>
#include <array>

namespace tutti::messageml {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

/// How many bytes the character beyond ASCII takes that the text begins with; 0 when a message
/// cannot hold it: broken UTF-8, a surrogate, U+FFFE or U+FFFF.
std::size_t wide_character(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = at(0);
  const std::size_t length = first < 0xC2   ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(i) & 0xC0U) != 0x80U)
      return 0;
  const auto second = at(1);
  const auto overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const auto surrogate = first == 0xED && second >= 0xA0;
  const auto beyond = first == 0xF4 && second >= 0x90;
  const auto no_character = first == 0xEF && second == 0xBF && at(2) >= 0xBE;
  return overlong || surrogate || beyond || no_character ? 0 : length;
}

/// Characters that stay as they are, wherever they are.
constexpr auto plain_characters = [] {
  std::array<bool, 256> all{};
  for (std::size_t c = 0x20; c < 0x80; ++c)
    all[c] = true;
  for (char c : {'&', '<', '>', '"', '\'', '$', '#'})
    all[static_cast<unsigned char>(c)] = false;
  return all;
}();

/// Of an ASCII character that is not plain.
std::string_view reference(char c, place where) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  case '$': // Begins a template.
    return "&#36;";
  case '#':
    return "&#35;";
  case '\n':
    return where == place::line ? "<br/>" : where == place::attribute ? "&#10;" : "\n";
  case '\t':
    return where == place::attribute ? "&#9;" : "\t";
  default:
    return replacement;
  }
}

} // namespace

void escape(std::string_view text, place where, std::string& into) {
  while (!text.empty()) {
    const auto special = std::find_if(text.begin(), text.end(), [](char c) {
      return !plain_characters[static_cast<unsigned char>(c)];
    });
    const auto plain = static_cast<std::size_t>(special - text.begin());
    into.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty())
      return;
    if (text.starts_with("\r\n"))
      text.remove_prefix(1);
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      into += reference(text.front() == '\r' ? '\n' : text.front(), where);
      text.remove_prefix(1);
      continue;
    }
    const auto size = wide_character(text);
    into += size == 0 ? replacement : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
}

void replace_unrepresentable(std::string& text) {
  const auto plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 0x20 && static_cast<unsigned char>(c) < 0x80) || c == '\n' || c == '\t';
  });
  if (plain)
    return;
  std::string made;
  for (std::string_view rest{text}; !rest.empty();) {
    const auto c = rest.front();
    const auto ascii = static_cast<unsigned char>(c) < 0x80;
    const auto size = ascii ? std::size_t{1} : wide_character(rest);
    if (size == 0 || (ascii && c < 0x20 && c != '\n' && c != '\t' && c != '\r'))
      made += replacement;
    else
      made += rest.substr(0, size);
    rest.remove_prefix(std::max<std::size_t>(size, 1));
  }
  text = std::move(made);
}

std::string escape(std::string_view text, place where) {
  std::string made;
  made.reserve(text.size() + text.size() / 8);
  escape(text, where, made);
  return made;
}

} // namespace tutti::messageml
