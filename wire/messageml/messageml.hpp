// The one MessageML library: what the agent does with a message, from its text to what is stored.
// The front door of this folder.
#pragma once

#include <wire/messageml/fault.hpp>
#include <wire/messageml/known.hpp>

#include <tutti/export.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tutti::messageml {

/// The agent's limits.
constexpr std::size_t most_bytes = 1'500'000;
constexpr std::size_t most_entities = 80;
constexpr std::size_t most_characters = 60'000;

struct prepare_options {
  /// Of the request; nothing: none given.
  std::optional<std::string> version;
  /// Null: everybody and everything is known.
  const known* facts = nullptr;
  /// Written as the client of a person writes it: within paragraphs, entities by number.
  bool typed = false;
  /// Makes ids for labelled fields and dialogs; empty: random ones.
  std::function<std::string()> short_id;
};

/// A message as the agent stores it.
struct prepared {
  /// PresentationML.
  std::string presentation;
  /// The entity data as a JSON object.
  std::string entities;
  /// As a person reads it.
  std::string text;
};

/// Checks a message with its entity data (`data`, JSON; may be empty) and writes it as the agent
/// does, or says what is wrong with it: at least one fault. Templates are replaced where they only
/// name a value (`${entity['x'].y}`); directives are a fault.
TUTTI_FRONT_DOOR std::variant<prepared, faults>
prepare(std::string_view message, std::string_view data = {}, const prepare_options& options = {});

/// The elements, as a page for people (Markdown).
TUTTI_FRONT_DOOR std::string element_reference();

} // namespace tutti::messageml
