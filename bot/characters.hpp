// Counts the characters of a text in UTF-8, as people count them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace tutti {

inline std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](unsigned char c) {
    return (c & 0xC0U) != 0x80U; // Not within a character.
  }));
}

} // namespace tutti
