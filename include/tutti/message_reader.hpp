// Reads received messages: what a person wrote, and whom and what the message names.
#pragma once

#include <tutti/export.hpp>
#include <tutti/ids.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti::messageml {

enum class piece_kind : std::uint8_t {
  text,
  /// `user` is set.
  mention,
  /// `value` is the tag without `#`.
  hashtag,
  /// `value` is the ticker without `$`; more of an instrument is in `ids`.
  cashtag,
  /// `value` is its short name.
  emoji,
  /// `value` is the address.
  link,
  /// Another object of the entity data; `value` is its type, `entity` its key.
  object,
};

/// A part of a message, in the order of the message.
struct message_piece {
  piece_kind kind = piece_kind::text;
  /// As a person reads it.
  std::string text{};
  std::string value{};
  std::optional<user_id> user{};
  /// The key in the entity data; empty for text and links.
  std::string entity{};
  /// The ids of an instrument: type and value.
  std::vector<std::pair<std::string, std::string>> ids{};
};

struct received_message {
  /// As a person reads it: paragraphs, rows and items are on lines of their own. What was escaped
  /// is unescaped once.
  std::string text;
  std::vector<message_piece> pieces;
  /// The ids of its forms.
  std::vector<std::string> forms;
  /// Why it could not be read; empty for one that was. Without entity data that can be read it is
  /// a text alone; without XML that can be read nothing else is set.
  std::string flaw;

  /// Each user once, in the order of the message.
  TUTTI_API std::vector<user_id> mentions() const;
  /// The values of the pieces of that kind, in order.
  TUTTI_API std::vector<std::string> values(piece_kind kind) const;
};

/// `message` is PresentationML, `data` the entity data (JSON), as they come with an event; both may
/// be empty. An entity counts when it is a `span` with the class `entity` alone whose object is in
/// the data, as in the official kits; any other one is text. Never fails: see `flaw`.
TUTTI_API received_message read_message(std::string_view message, std::string_view data);

/// A message as it is marked up.
struct message_node {
  /// Empty: a text.
  std::string tag{};
  std::string text{};
  /// By name.
  std::vector<std::pair<std::string, std::string>> attributes{};
  std::vector<message_node> children{};

  friend bool operator==(const message_node&, const message_node&) = default;
};

/// The root of a message, whatever is in it; nothing for one that cannot be read.
TUTTI_API std::optional<message_node> read_tree(std::string_view message);

} // namespace tutti::messageml
