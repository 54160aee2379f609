#include <wire/messageml/text/values.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <set>

namespace tutti::messageml {

namespace {

bool ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// The next code point; what is broken counts as itself.
char32_t next_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const auto length = first < 0x80 ? 1U : first < 0xE0 ? 2U : first < 0xF0 ? 3U : 4U;
  if (length == 1 || text.size() < length) {
    text.remove_prefix(1);
    return first;
  }
  char32_t code = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i)
    code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(length);
  return code;
}

bool is_java_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A && c != 0x2007) || c == 0x2028 || c == 0x2029 || c == 0x205F ||
         c == 0x3000;
}

template <class Number>
std::optional<Number> read_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-'))
      return std::nullopt;
  }
  Number value{};
  const auto* end = text.data() + text.size();
  auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && at == end ? std::optional{value} : std::nullopt;
}

} // namespace

void append_utf8(std::uint32_t code, std::string& out) {
  auto add = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80)
    return add(code);
  if (code < 0x800)
    return add(0xC0U | code >> 6U), add(0x80U | (code & 0x3FU));
  if (code < 0x10000)
    return add(0xE0U | code >> 12U), add(0x80U | (code >> 6U & 0x3FU)), add(0x80U | (code & 0x3FU));
  add(0xF0U | code >> 18U);
  add(0x80U | (code >> 12U & 0x3FU));
  add(0x80U | (code >> 6U & 0x3FU));
  add(0x80U | (code & 0x3FU));
}

std::size_t units(std::string_view text) {
  std::size_t count = 0;
  for (unsigned char c : text)
    count += (c & 0xC0U) == 0x80U ? 0 : c >= 0xF0 ? 2 : 1;
  return count;
}

bool is_blank(std::string_view text) {
  while (!text.empty())
    if (!is_java_white_space(next_code_point(text)))
      return false;
  return true;
}

bool has_white_space(std::string_view text) {
  while (!text.empty())
    if (is_java_white_space(next_code_point(text)))
      return true;
  return false;
}

bool is_trim_empty(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) <= 0x20; });
}

bool in_list_exactly(std::string_view value, std::string_view list) {
  while (true) {
    const auto word = list.substr(0, list.find(' '));
    if (word == value)
      return true;
    if (word.size() == list.size())
      return false;
    list.remove_prefix(word.size() + 1);
  }
}

bool in_list(std::string_view value, std::string_view list) {
  return !value.empty() && in_list_exactly(lower(value), list);
}

std::optional<std::int32_t> read_int(std::string_view text) {
  return read_number<std::int32_t>(text);
}

std::optional<std::int64_t> read_long(std::string_view text) {
  return read_number<std::int64_t>(text);
}

namespace {

/// Calls `visit` with each word; words are apart by runs of ASCII white space. As Java's `split`
/// does, a blank in front makes an empty first word, and blanks at the end make none.
template <class Visit>
void each_word(std::string_view text, Visit&& visit) {
  std::size_t at = 0;
  while (at < text.size()) {
    auto end = at;
    while (end < text.size() && !ascii_space(text[end]))
      ++end;
    if (end > at || at == 0)
      visit(text.substr(at, end - at));
    at = end;
    while (at < text.size() && ascii_space(text[at]))
      ++at;
  }
}

} // namespace

bool has_word(std::string_view text, std::string_view word) {
  bool found = false;
  each_word(text, [&](std::string_view each) { found = found || each == word; });
  return found;
}

std::optional<std::string> without_word(std::string_view text, std::string_view word) {
  std::string left;
  bool first = true;
  each_word(text, [&](std::string_view each) {
    if (lower(each) == lower(word))
      return;
    if (!first)
      left += ' ';
    left += each;
    first = false;
  });
  return is_blank(left) ? std::nullopt : std::optional{left};
}

// -- style --------------------------------------------------------------------------

namespace {

const std::set<std::string, std::less<>>& properties() {
  static const std::set<std::string, std::less<>> all = [] {
    std::set<std::string, std::less<>> made{"background",
                                            "border",
                                            "border-collapse",
                                            "border-color",
                                            "border-radius",
                                            "border-spacing",
                                            "border-style",
                                            "border-width",
                                            "box-shadow",
                                            "box-sizing",
                                            "caption-side",
                                            "clear",
                                            "color",
                                            "content",
                                            "display",
                                            "empty-cells",
                                            "font",
                                            "gap",
                                            "grid",
                                            "height",
                                            "width",
                                            "letter-spacing",
                                            "line-height",
                                            "list-style",
                                            "margin",
                                            "opacity",
                                            "outline",
                                            "overflow",
                                            "padding",
                                            "table-layout",
                                            "text-align",
                                            "text-align-last",
                                            "text-decoration",
                                            "visibility",
                                            "white-space",
                                            "flex",
                                            "border-image",
                                            "overflow-x",
                                            "overflow-y",
                                            "max-height",
                                            "max-width",
                                            "min-height",
                                            "min-width",
                                            "counter-increment",
                                            "counter-reset"};
    auto add = [&](const std::string& head, std::initializer_list<const char*> tails) {
      for (const auto* tail : tails)
        made.insert(head + tail);
    };
    add("align-", {"content", "items", "self"});
    add("background-",
        {"attachment", "blend-mode", "clip", "color", "image", "position", "repeat", "size"});
    for (const auto* side : {"top", "bottom", "left", "right"}) {
      add(std::string{"border-"} + side, {"", "-color", "-style", "-width"});
      add(std::string{"margin-"} + side, {""});
      add(std::string{"padding-"} + side, {""});
    }
    for (const auto* side : {"top", "bottom"})
      add(std::string{"border-"} + side, {"-left-radius", "-right-radius"});
    add("border-image-", {"outset", "repeat", "slice", "source", "width"});
    add("flex-", {"basis", "direction", "flow", "grow", "shrink", "wrap"});
    add("font-",
        {"family", "kerning", "size", "size-adjust", "stretch", "style", "variant", "weight"});
    add("grid-", {"area", "auto-columns", "auto-flow", "auto-rows", "column", "column-end",
                  "column-gap", "column-start", "gap", "row", "row-end", "row-gap", "row-start",
                  "template", "template-areas", "template-columns", "template-rows"});
    add("justify-", {"content", "items", "self"});
    add("list-style-", {"image", "position", "type"});
    add("outline-", {"color", "offset", "style", "width"});
    add("place-", {"content", "items", "self"});
    add("text-decoration-", {"color", "line", "style"});
    add("text-", {"indent", "justify", "overflow", "shadow", "transform"});
    add("word-", {"break", "spacing", "wrap"});
    return made;
  }();
  return all;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20)
    text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20)
    text.remove_suffix(1);
  return text;
}

} // namespace

std::string flaw_of_style(std::string_view style) {
  std::string unknown;
  std::size_t at = 0;
  while (at <= style.size()) {
    auto end = style.find(';', at);
    while (end != style.npos && style.substr(end + 1).starts_with("base64,"))
      end = style.find(';', end + 1);
    const auto chunk = style.substr(at, end == style.npos ? end : end - at);
    at = end == style.npos ? style.size() + 1 : end + 1;
    if (is_blank(chunk))
      continue;
    const auto colon = chunk.find(':');
    if (colon == chunk.npos)
      return "'" + std::string{chunk} + "' is no property with a value";
    const auto name = trimmed(chunk.substr(0, colon));
    if (name.empty())
      return "a property without a name";
    if (!properties().contains(name))
      unknown += (unknown.empty() ? "" : ", ") + std::string{name};
  }
  return unknown.empty() ? "" : "not allowed: " + unknown;
}

} // namespace tutti::messageml
