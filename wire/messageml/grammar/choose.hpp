// Which element a tag is: by its name, by a word of its class or type, and by what is around it.
#pragma once

#include <wire/messageml/grammar/table.hpp>
#include <wire/messageml/xml/xml.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::messageml {

struct element_choice {
  kind what = kind::text;
  spelling in = spelling::shorthand;
  /// What the class or type has beside the word that made the choice; nothing when that was all.
  std::optional<std::string> rest{};
  /// The attribute that the word was taken from; null for none.
  const char* worded = nullptr;
  /// The entity data says what it is.
  bool entity = false;
};

/// Nothing for an unknown one. `above`: the kinds around it, from the root on; `mode`: of the
/// message.
std::optional<element_choice> choose(const xml::node& given, const std::vector<kind>& above,
                                     spelling mode);

/// The element with that tag; `text` for none. `parent`: the tag around it, for a `header` or
/// `body`, which is a card's otherwise.
kind kind_with_tag(std::string_view tag, std::string_view parent = {});

} // namespace tutti::messageml
