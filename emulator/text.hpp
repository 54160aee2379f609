// Base64, JSON strings and query strings, the emulator's own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::emulator {

/// URL-safe, without padding.
std::string base64_url(std::string_view bytes);
/// Empty for a text that is none.
std::string from_base64_url(std::string_view text);

/// An id in the dialect of URLs, without padding; clients send both.
std::string url_safe_base64(std::string id);
/// As clients show ids: `+` and `/`, padded.
std::string standard_base64(std::string id);

/// The text as a JSON string, with its quotes.
std::string json_string(std::string_view text);

/// The text with U+FFFD for what is no UTF-8: clients send what they like.
std::string valid_text(std::string_view text);

/// How many characters a text in UTF-8 has.
std::size_t characters_in(std::string_view text);

/// Whether a value of a query says so, in any case (`True`, as the Python kit writes it); nothing
/// for what is neither true nor false.
std::optional<bool> read_truth(std::string_view text);

/// `a=1&b=x%20y`, decoded; the last of repeated names wins.
std::map<std::string, std::string> read_query(std::string_view query);

/// `x%20y` decoded; what is no such text stays as it is.
std::string pct_decoded(const std::string& text);

/// `1,2,3`, without empty items.
std::vector<std::string> split(std::string_view list, char at = ',');

} // namespace tutti::emulator
