// Defines what messages are built of: texts and elements, whose types say where they may be.
#pragma once

#include <tutti/export.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tutti::messageml {

/// A value that the agent would refuse. `what()` names the element and the attribute.
class build_error : public std::invalid_argument {
public:
  using std::invalid_argument::invalid_argument;
};

namespace detail {

/// For options that are not given. A function, because GCC 12 destroys a temporary aggregate within
/// a `co_await` expression twice.
template <class Options>
const Options& no_options() {
  static const Options none{};
  return none;
}

/// An attribute that is left out when it has no value.
struct attribute {
  std::string_view name;
  std::optional<std::string> value{};
};

/// Markup that is known to be good.
struct markup {
  std::string xml{};
  /// How many objects of the entity data it makes.
  int entities = 0;
  /// How much in it has rules that concern the whole message: a form 1, the others 2.
  int linked = 0;
  /// How deep its elements are within each other.
  int levels = 0;

  void append(const markup& more) {
    xml += more.xml;
    entities += more.entities;
    linked += more.linked;
    levels = std::max(levels, more.levels);
  }
};

/// `<tag a="v">inside</tag>`; throws `build_error` for a value that the table refuses. `parent`:
/// the tag around it, for tags whose meaning depends on it.
TUTTI_API markup element_of(std::string_view tag, std::span<const attribute> attributes,
                            const markup& inside, std::string_view parent = {});
inline markup element(std::string_view tag, std::initializer_list<attribute> attributes = {},
                      const markup& inside = {}, std::string_view parent = {}) {
  return element_of(tag, {attributes.begin(), attributes.size()}, inside, parent);
}
/// Appends a person's text.
TUTTI_API void append_text(markup& to, std::string_view text);
inline std::optional<std::string> unless_empty(std::string_view value) {
  return value.empty() ? std::nullopt : std::optional<std::string>{value};
}
/// Throws `build_error` when a message of this alone would be refused.
TUTTI_API markup checked_alone(markup made);
/// Throws `build_error`.
[[noreturn]] TUTTI_API void refuse(std::string_view element, std::string_view attribute,
                                   std::string_view why);

} // namespace detail

/// What phrases, content and the others have in common.
class part {
public:
  const std::string& xml() const noexcept { return good_.xml; }
  const detail::markup& good() const noexcept { return good_; }

protected:
  explicit part(detail::markup good) : good_(std::move(good)) {}
  explicit part(std::string_view text) { detail::append_text(good_, text); }

private:
  detail::markup good_;
};

/// What may be within a line: text, and what `b`, `hyperlink`, `mention` and the like return.
class phrase : public part {
public:
  phrase(const char* text) : part(std::string_view{text}) {}
  phrase(std::string_view text) : part(text) {}
  phrase(const std::string& text) : part(std::string_view{text}) {}
  explicit phrase(detail::markup good) : part(std::move(good)) {}
};

/// What may be anywhere but in a line: phrases, paragraphs, lists, tables, cards, forms.
class content : public part {
public:
  content(const char* text) : part(std::string_view{text}) {}
  content(std::string_view text) : part(text) {}
  content(const std::string& text) : part(std::string_view{text}) {}
  content(const phrase& within) : part(within.good()) {}
  explicit content(detail::markup good) : part(std::move(good)) {}
};

/// What may be in a form: content, fields, and content that holds fields.
class form_part : public part {
public:
  form_part(const char* text) : part(std::string_view{text}) {}
  form_part(std::string_view text) : part(text) {}
  form_part(const std::string& text) : part(std::string_view{text}) {}
  form_part(const phrase& within) : part(within.good()) {}
  form_part(const content& within) : part(within.good()) {}
  explicit form_part(detail::markup good) : part(std::move(good)) {}
};

/// May be where a `Part` may be.
template <class Given, class Part>
concept goes_into = std::convertible_to<const Given&, Part>;

/// A block of what is given: `content`, or `form_part` when a field is in it.
template <class... Given>
using block_of = std::conditional_t<(goes_into<Given, content> && ... && true), content, form_part>;

namespace detail {

template <class Part, class Given>
void append(markup& to, const Given& given) {
  if constexpr (std::derived_from<Given, part>)
    to.append(given.good());
  else if constexpr (std::convertible_to<const Given&, std::string_view>)
    append_text(to, given);
  else
    to.append(static_cast<Part>(given).good());
}

template <class Part, goes_into<Part>... Given>
markup joined(const Given&... given) {
  markup all;
  (append<Part>(all, given), ...);
  return all;
}

template <class... Pieces>
markup joined_pieces(const Pieces&... pieces) {
  markup all;
  (all.append(pieces.good()), ...);
  return all;
}

/// An element without attributes around all of them.
template <class Made, class Part, class... Given>
Made around(std::string_view tag, const Given&... given) {
  return Made{element(tag, {}, joined<Part>(given...))};
}

} // namespace detail

} // namespace tutti::messageml
