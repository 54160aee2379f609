// Cuts a message into words, which commands are matched with.
#pragma once

#include <tutti/message_reader.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tutti::commands {

struct word {
  messageml::piece_kind kind = messageml::piece_kind::text;
  /// As a person reads it; without the quotes of a text in quotes.
  std::string text{};
  /// Of a tag: without `#` and `$`.
  std::string value{};
  std::optional<user_id> user{};
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

} // namespace tutti::commands
