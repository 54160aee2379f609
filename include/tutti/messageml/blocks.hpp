// Builds paragraphs, lists, tables and cards, which may hold fields within a form.
#pragma once

#include <tutti/messageml/part.hpp>

#include <vector>

namespace tutti::messageml {

template <goes_into<form_part>... Given>
block_of<Given...> p(const Given&... within) {
  return detail::around<block_of<Given...>, form_part>("p", within...);
}
template <goes_into<form_part>... Given>
block_of<Given...> div(const Given&... within) {
  return detail::around<block_of<Given...>, form_part>("div", within...);
}
/// A block with classes (`tempo-bg-color--blue`, say) and a style; either may be empty.
template <goes_into<form_part>... Given>
block_of<Given...> styled_block(std::string_view classes, std::string_view style,
                                const Given&... within) {
  return block_of<Given...>{detail::element(
      "div", {{"class", detail::unless_empty(classes)}, {"style", detail::unless_empty(style)}},
      detail::joined<form_part>(within...))};
}
/// `level` from 1 to 6.
template <goes_into<phrase>... Phrases>
content heading(int level, const Phrases&... within) {
  if (level < 1 || level > 6)
    detail::refuse("h1", "level", "a heading has a level from 1 to 6");
  return detail::around<content, phrase>("h" + std::to_string(level), within...);
}
/// Line feeds stay.
TUTTI_API content preformatted(std::string_view text);
/// `language` is one that clients highlight, as `cpp` or `python`; empty: none. Line feeds stay.
TUTTI_API content code(std::string_view text, std::string_view language = {});
inline content rule() {
  return content{detail::element("hr")};
}
/// A sound; nothing else may be in its message.
TUTTI_API content chime();

// -- lists --------------------------------------------------------------------------

/// `Part` is `content`, or `form_part` when a field is in it.
template <class Part>
class list_item : public part {
public:
  explicit list_item(detail::markup good) : part(std::move(good)) {}
};
template <goes_into<form_part>... Given>
list_item<block_of<Given...>> item(const Given&... within) {
  return detail::around<list_item<block_of<Given...>>, form_part>("li", within...);
}

namespace detail {

template <class... Parts>
using together = std::conditional_t<(std::same_as<Parts, content> && ...), content, form_part>;

template <class Made, class... Pieces>
Made around_pieces(std::string_view tag, std::initializer_list<attribute> attributes,
                   const Pieces&... pieces) {
  return Made{element(tag, attributes, joined_pieces(pieces...))};
}

} // namespace detail

/// At least one item.
template <class First, class... More>
detail::together<First, More...> bullets(const list_item<First>& first,
                                         const list_item<More>&... more) {
  return detail::around_pieces<detail::together<First, More...>>("ul", {}, first, more...);
}
template <class First, class... More>
detail::together<First, More...> numbers(const list_item<First>& first,
                                         const list_item<More>&... more) {
  return detail::around_pieces<detail::together<First, More...>>("ol", {}, first, more...);
}

namespace detail {

template <class Made, class Piece>
Made around_all(std::string_view tag, const std::vector<Piece>& pieces) {
  markup inside;
  for (const auto& each : pieces)
    inside.append(each.good());
  return Made{element(tag, {}, inside)};
}

} // namespace detail

/// As many as there are; none is refused.
template <class Part>
Part bullets(const std::vector<list_item<Part>>& items) {
  if (items.empty())
    detail::refuse("ul", {}, "a list has at least one item");
  return detail::around_all<Part>("ul", items);
}
template <class Part>
Part numbers(const std::vector<list_item<Part>>& items) {
  if (items.empty())
    detail::refuse("ol", {}, "a list has at least one item");
  return detail::around_all<Part>("ol", items);
}

// -- tables -------------------------------------------------------------------------

/// `Part` as in `list_item`.
template <class Part>
class table_cell : public part {
public:
  explicit table_cell(detail::markup good) : part(std::move(good)) {}
};
template <class Part>
class table_row : public part {
public:
  explicit table_row(detail::markup good) : part(std::move(good)) {}
};
template <goes_into<form_part>... Given>
table_cell<block_of<Given...>> cell(const Given&... within) {
  return detail::around<table_cell<block_of<Given...>>, form_part>("td", within...);
}
/// One that takes the place of several.
struct spans {
  int columns = 1;
  int rows = 1;
};
template <goes_into<form_part>... Given>
table_cell<block_of<Given...>> cell(const spans& of, const Given&... within) {
  return table_cell<block_of<Given...>>{detail::element(
      "td", {{"colspan", std::to_string(of.columns)}, {"rowspan", std::to_string(of.rows)}},
      detail::joined<form_part>(within...))};
}
template <goes_into<form_part>... Given>
table_cell<block_of<Given...>> header_cell(const Given&... within) {
  return detail::around<table_cell<block_of<Given...>>, form_part>("th", within...);
}
template <class... Parts>
table_row<detail::together<Parts...>> row(const table_cell<Parts>&... cells) {
  return detail::around_pieces<table_row<detail::together<Parts...>>>("tr", {}, cells...);
}
/// As many cells as there are.
template <class Part>
table_row<Part> row(const std::vector<table_cell<Part>>& cells) {
  return detail::around_all<table_row<Part>>("tr", cells);
}
template <class Part>
class table_section : public part {
public:
  explicit table_section(detail::markup good) : part(std::move(good)) {}
};
/// Rows that clients keep at the top, or at the bottom.
template <class... Parts>
table_section<detail::together<Parts...>> table_head(const table_row<Parts>&... rows) {
  return detail::around_pieces<table_section<detail::together<Parts...>>>("thead", {}, rows...);
}
template <class... Parts>
table_section<detail::together<Parts...>> table_foot(const table_row<Parts>&... rows) {
  return detail::around_pieces<table_section<detail::together<Parts...>>>("tfoot", {}, rows...);
}

namespace detail {

template <class Piece>
struct table_piece; // Rows and sections have one.
template <class Part>
struct table_piece<table_row<Part>> {
  using part = Part;
};
template <class Part>
struct table_piece<table_section<Part>> {
  using part = Part;
};

} // namespace detail

/// A table in a form becomes one whose rows a user selects when a button `tablesel-row-N` or a
/// checkbox is in each row.
template <class... Pieces>
detail::together<typename detail::table_piece<Pieces>::part...> table(const Pieces&... pieces) {
  return detail::around_pieces<detail::together<typename detail::table_piece<Pieces>::part...>>(
      "table", {}, pieces...);
}

/// As many rows as there are.
template <class Part>
Part table(const std::vector<table_row<Part>>& rows) {
  return detail::around_all<Part>("table", rows);
}
/// The same with a head.
template <class Part>
Part table(const table_section<Part>& head, const std::vector<table_row<Part>>& rows) {
  auto inside = head.good();
  for (const auto& each : rows)
    inside.append(each.good());
  return Part{detail::element("table", {}, inside)};
}

// -- cards --------------------------------------------------------------------------

struct card_options {
  /// The address of a small image beside the header.
  std::string icon{};
  /// A class of Symphony's palette, as `tempo-bg-color--blue`.
  std::string accent{};
};
template <class Part>
class card_header : public part {
public:
  explicit card_header(detail::markup good) : part(std::move(good)) {}
};
template <class Part>
class card_body : public part {
public:
  explicit card_body(detail::markup good) : part(std::move(good)) {}
};
template <goes_into<form_part>... Given>
card_header<block_of<Given...>> header(const Given&... within) {
  return detail::around<card_header<block_of<Given...>>, form_part>("header", within...);
}
template <goes_into<form_part>... Given>
card_body<block_of<Given...>> body(const Given&... within) {
  return detail::around<card_body<block_of<Given...>>, form_part>("body", within...);
}
template <class Header, class Body>
detail::together<Header, Body>
card(const card_header<Header>& top, const card_body<Body>& below,
     const card_options& options = detail::no_options<card_options>()) {
  return detail::around_pieces<detail::together<Header, Body>>(
      "card",
      {{"iconSrc", detail::unless_empty(options.icon)},
       {"accent", detail::unless_empty(options.accent)}},
      top, below);
}
/// The body of an expandable card that reports an error.
template <class Part>
class error_body : public part {
public:
  explicit error_body(detail::markup good) : part(std::move(good)) {}
};
template <goes_into<form_part>... Given>
error_body<block_of<Given...>> body_with_error(const Given&... within) {
  return error_body<block_of<Given...>>{detail::element(
      "body", {{"variant", "error"}}, detail::joined<form_part>(within...), "expandable-card")};
}
/// How much of its body an expandable card shows at first.
enum class card_state : std::uint8_t { collapsed, cropped, expanded };
TUTTI_API std::string_view to_string(card_state state) noexcept;

template <class Header, class Body>
detail::together<Header, Body> expandable_card(const card_header<Header>& top,
                                               const card_body<Body>& below,
                                               card_state state = card_state::collapsed) {
  return detail::around_pieces<detail::together<Header, Body>>(
      "expandable-card", {{"state", std::string{to_string(state)}}}, top, below);
}
template <class Header, class Body>
detail::together<Header, Body> expandable_card(const card_header<Header>& top,
                                               const error_body<Body>& below,
                                               card_state state = card_state::collapsed) {
  return detail::around_pieces<detail::together<Header, Body>>(
      "expandable-card", {{"state", std::string{to_string(state)}}}, top, below);
}

} // namespace tutti::messageml
