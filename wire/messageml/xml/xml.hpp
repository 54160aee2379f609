// Reads XML as a message may hold it: elements, attributes and text, each with its place.
#pragma once

#include <wire/messageml/fault.hpp>

#include <optional>
#include <span>
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

/// An attribute as it is read; its name has its prefix.
struct attribute_view {
  std::string_view name;
  std::string_view value;
};

/// Where a reading is.
class source {
public:
  virtual ~source() = default;
  /// Where the tag or text begins that has just been read.
  virtual position here() const = 0;
};

/// Is handed a message piece by piece. What it is given lasts as long as the call.
class sink {
public:
  virtual ~sink() = default;
  virtual void begin(std::string_view name, std::span<const attribute_view> attributes,
                     const source& where) = 0;
  /// Of one text it may be several.
  virtual void text(std::string_view piece, const source& where) = 0;
  virtual void end() = 0;
};

/// What ended the reading early; nothing when all was read. No document type, comment, CDATA
/// section or processing instruction may be in it; comments and instructions beside the root are
/// ignored, as the agent does. Nothing is fetched.
std::optional<fault> read(std::string_view text, sink& into);

/// The root.
std::variant<node, fault> parse(std::string_view text);

} // namespace tutti::messageml::xml
