// Letters of ASCII without regard to case.
#pragma once

#include <string>
#include <string_view>

namespace tutti::wire {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lower(std::string_view text) {
  std::string made{text};
  for (auto& c : made)
    c = lower(c);
  return made;
}

} // namespace tutti::wire
