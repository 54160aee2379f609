#include <wire/messageml/output/emoji.hpp>

#include <wire/messageml/text/values.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace tutti::messageml {

/// Lines of a name, a blank and code points (`1F44D-1F3FB`), sorted by name:
/// wire/messageml/output/emoji.txt, from the short names of emojibase (MIT licence, (c) 2017-2019
/// Miles Johnson).
extern const std::string_view emoji_lines;

namespace {

std::string characters(std::string_view codes) {
  std::string made;
  while (!codes.empty()) {
    const auto one = codes.substr(0, codes.find('-'));
    std::uint32_t code = 0;
    std::from_chars(one.data(), one.data() + one.size(), code, 16);
    append_utf8(code, made);
    codes.remove_prefix(std::min(one.size() + 1, codes.size()));
  }
  return made;
}

} // namespace

std::string emoji_of(std::string_view name) {
  std::size_t low = 0;
  auto high = emoji_lines.size();
  while (low < high) {
    // The line that holds the middle.
    const auto middle = low + (high - low) / 2;
    const auto before = middle == 0 ? emoji_lines.npos : emoji_lines.rfind('\n', middle - 1);
    const auto start = before == emoji_lines.npos ? 0 : before + 1;
    const auto end = emoji_lines.find('\n', start);
    const auto line = emoji_lines.substr(start, end - start);
    const auto blank = line.find(' ');
    const auto order = line.substr(0, blank).compare(name);
    if (order == 0)
      return characters(line.substr(blank + 1));
    if (order < 0)
      low = end + 1;
    else
      high = start;
  }
  return {};
}

} // namespace tutti::messageml
