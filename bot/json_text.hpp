// Text as a JSON string.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace tutti {

/// The text with its quotes; control characters are escaped, other bytes stand as they are.
inline std::string json_text(std::string_view text) {
  std::string made = "\"";
  for (unsigned char c : text) {
    if (c == '"' || c == '\\')
      made.append({'\\', static_cast<char>(c)});
    else if (c < ' ')
      made += fmt::format("\\u{:04x}", c);
    else
      made += static_cast<char>(c);
  }
  return made + '"';
}

} // namespace tutti
