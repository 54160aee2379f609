// XML as a message may hold it: elements, attributes and text, each with its place.
#pragma once

#include <wire/messageml/fault.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tutti::messageml::xml {

struct node {
  /// With its prefix, if it has one: names are compared as they are written. Empty: text.
  std::string name;
  /// Of a text, what it says; references are resolved.
  std::string text;
  /// Sorted by name, as the agent's parser hands them out.
  std::vector<std::pair<std::string, std::string>> attributes;
  std::vector<node> children;
  position at;

  bool is_text() const noexcept { return name.empty(); }
  /// Null when it has none of that name.
  const std::string* find(std::string_view attribute) const;
};

/// Deeper than the agent's own documents ever are; it refuses some two thousand levels itself.
constexpr int most_levels = 500;

/// The root. No document type, comment, CDATA section or processing instruction may be in it;
/// comments and instructions beside the root are ignored, as the agent does. Nothing is fetched.
std::variant<node, fault> parse(std::string_view text);

} // namespace tutti::messageml::xml
