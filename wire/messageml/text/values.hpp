// What the values of attributes may be. Rules and their oddities are those of the agent's validator
// (Java): lengths count UTF-16 units, white space is what Java says it is.
#pragma once

#include <wire/ascii.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tutti::messageml {

/// Appends the character of a code point below 0x110000.
void append_utf8(std::uint32_t code, std::string& out);

/// UTF-16 units of a UTF-8 text.
std::size_t units(std::string_view text);

/// Only what Java's `Character.isWhitespace` takes; a no-break space is none.
bool is_blank(std::string_view text);
bool has_white_space(std::string_view text);
/// Only characters up to U+0020.
bool is_trim_empty(std::string_view text);

using wire::lower;

/// Whether `list`, words with blanks between them, has it, without regard to case.
bool in_list(std::string_view value, std::string_view list);
/// The same with regard to case.
bool in_list_exactly(std::string_view value, std::string_view list);
inline bool is_boolean(std::string_view value) {
  return in_list(value, "true false");
}

/// An optional sign and digits, in the range of the type.
std::optional<std::int32_t> read_int(std::string_view text);
std::optional<std::int64_t> read_long(std::string_view text);

/// A word of a class attribute: words are apart by ASCII white space, case matters.
bool has_word(std::string_view text, std::string_view word);
/// What is left of the class without that word, in any case; nothing when that is blank.
std::optional<std::string> without_word(std::string_view text, std::string_view word);

/// What is wrong with a `style`; empty: nothing. Names of properties are checked, values are not.
std::string flaw_of_style(std::string_view style);

/// What is wrong with a URI by RFC 2396, as java.net.URI reads it; empty: nothing.
std::string flaw_of_uri(std::string_view uri);
/// Before the colon, or empty.
std::string_view scheme_of(std::string_view uri);

/// ISO 8601: `2026-03-01`, an offset may follow.
bool is_date(std::string_view text);
/// `HH:mm:ss`.
bool is_time(std::string_view text);
/// `2026-03-01T09:00:00+01:00`; seconds may be missing, a fraction may follow.
bool is_date_time(std::string_view text);
/// A name of the time-zone database, or an offset.
bool is_zone(std::string_view text);
/// How a picker shows a date, e.g. `dd/MM/yyyy`.
bool is_date_format(std::string_view text);
bool is_time_format(std::string_view text);

/// Whether it can be compiled as a regular expression, as far as that can be seen.
bool is_pattern(std::string_view text);

} // namespace tutti::messageml
