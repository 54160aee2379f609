// Cuts a message into words, which commands are matched with.
#pragma once

#include <tutti/message_reader.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::commands {

struct word {
  messageml::piece_kind kind = messageml::piece_kind::text;
  /// As a person reads it; without the quotes of a text in quotes.
  std::string text{};
  /// Of a tag: without `#` and `$`.
  std::string value{};
  std::optional<user_id> user{};
  /// It was a text in quotes.
  bool quoted = false;
  /// Where it begins in `words::text`.
  std::size_t begin = 0;
};

struct words {
  std::string text;
  std::vector<word> all;
};

/// Texts are cut at blanks, whatever kind they are of, but not within `"` and `"` or the quotes
/// that clients make of them; mentions, tags and the like are a word each.
words split(const messageml::received_message& message);

/// What a person wrote, to be said again: at most so many bytes of it, with whole characters.
std::string shortened(std::string_view text, std::size_t most = 100);

} // namespace tutti::commands
