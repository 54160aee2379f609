// Makes markup of a person's text.
#pragma once

#include <tutti/messageml/part.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace tutti::messageml {

/// Where the text is: that decides what a line feed becomes.
enum class place : std::uint8_t { line, preformatted, attribute };

/// Appends a text, so that it reads as it is: `& < > " '` and `$ #` (which begin templates) become
/// references, what a message cannot hold U+FFFD.
void escape(std::string_view text, place where, std::string& into);
std::string escape(std::string_view text, place where);

/// Puts U+FFFD for what a message cannot hold.
void replace_unrepresentable(std::string& text);

/// A text whose line feeds stay.
inline detail::markup lines(std::string_view text) {
  return {.xml = escape(text, place::preformatted)};
}

} // namespace tutti::messageml
