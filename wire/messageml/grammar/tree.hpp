// A message as a tree of elements that have been checked.
#pragma once

#include <wire/messageml/fault.hpp>
#include <wire/messageml/grammar/table.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tutti::messageml {

struct element {
  struct value {
    const attribute_row* row = nullptr;
    std::string text;
  };

  kind what = kind::text;
  spelling in = spelling::shorthand;
  position at{};
  /// Of a text, what it says; of a field, its label or title is in `label`, `title`.
  std::string text{};
  /// As they were given, sorted by their names.
  std::vector<value> values{};
  std::vector<element> children{};
  /// Of an entity: its key in the entity data, and whether it was given as a `div`.
  std::string entity_id{};
  bool division = false;
  /// In the entity data already: nothing is added to them.
  bool custom = false;
  /// What a mention or an instrument was found to be.
  std::string shown{};

  bool is_text() const noexcept { return what == kind::text; }
  const element_row& row() const { return row_of(what); }

  /// The value given under that name; null for none.
  const std::string* find(std::string_view name) const {
    for (const auto& each : values)
      if (each.row->name == name)
        return &each.text;
    return nullptr;
  }

  /// The value that is written under that name; null for none. Of several it is the last, of a
  /// field the one that was given under that very name.
  const value* written(std::string_view name) const {
    const value* found = nullptr;
    for (const auto& each : values)
      if (each.row->written == name && !(found && row().in_form && found->row->name == name))
        found = &each;
    return found;
  }
};

struct document {
  element root;
  /// Given with the message, or of the root; `2.0` for a message without one.
  std::string version;
  /// It was typed by a person.
  bool typed = false;
};

} // namespace tutti::messageml
