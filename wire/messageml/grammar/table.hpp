// Holds the table of MessageML: one row for each element, with all that is said about it. The
// validator, the writer, the builder and docs/messageml-elements.md read it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tutti::messageml {

enum class kind : std::uint8_t {
  message,
  heading1,
  heading2,
  heading3,
  heading4,
  heading5,
  heading6,
  bold,
  italic,
  preformatted,
  paragraph,
  division,
  span,
  subscript,
  superscript,
  link,
  image,
  line_break,
  rule,
  bullet_list,
  ordered_list,
  list_item,
  table,
  table_header,
  table_body,
  table_footer,
  table_row,
  table_cell,
  header_cell,
  code,
  chime,
  mention,
  hashtag,
  cashtag,
  instrument,
  emoji,
  date_time,
  card,
  card_header,
  card_body,
  expandable_card,
  expandable_header,
  expandable_body,
  form,
  button,
  text_field,
  text_area,
  rich_text_area,
  checkbox,
  radio,
  select,
  option,
  person_selector,
  room_selector,
  date_picker,
  time_picker,
  timezone_picker,
  date_selector,
  ui_action,
  dialog,
  dialog_title,
  dialog_body,
  dialog_footer,
  /// Not an element.
  text,
};

/// Which spelling an element is in: its own tag, or its form in PresentationML. It decides which
/// attributes it may have.
enum class spelling : std::uint8_t { shorthand = 1, presentation = 2, both = 3 };

enum class value_type : std::uint8_t {
  text,
  boolean,
  /// Between `least` and `most`.
  integer,
  /// As `integer`, of 64 bits; written without a sign or zeros in front.
  long_integer,
  /// A word of `words`, in any case.
  word,
  /// The same in exactly that case.
  exact_word,
  uri,
  style,
  /// No white space in it.
  id,
  date,
  time,
  date_time,
  zone,
  date_format,
  time_format,
  user_list,
  text_list,
  zone_list,
  /// A JSON array of texts that nothing more is known of.
  json_texts,
  date_list,
  time_list,
  pattern,
  /// Any value, and it is not kept.
  ignored,
  /// The id of a label or a hint beside the element.
  label_id,
};

enum class need : std::uint8_t {
  no,
  /// It has to be there; it may be empty.
  present,
  /// It has to be there, and not to be blank.
  filled,
};

struct attribute_row {
  /// As it is given.
  std::string_view name;
  spelling in = spelling::both;
  value_type type = value_type::text;
  /// As it is written in PresentationML; empty: not written.
  std::string_view written{};
  need needed = need::no;
  /// Of a text, how long it may be at most; 0: as it likes. Of a number, its bounds.
  std::int64_t least = 0;
  std::int64_t most = 0;
  /// Of `word`: those allowed, with blanks between them; two blanks at the end: or nothing at all.
  std::string_view words{};
  /// Written when it is not given.
  std::string_view usual{};
  /// The value is JSON in single quotes when it comes from the shorthand.
  bool json = false;
};

enum class children : std::uint8_t {
  any,
  /// Text, and the elements that `is_phrasing`.
  phrasing,
  phrasing_or_preformatted,
  /// Not even a blank.
  nothing,
  text_only,
  /// At least one text.
  some_text,
  /// `allowed` and blanks.
  listed,
  /// The same, at least one of them.
  some_listed,
  /// Anything, which is checked but not written.
  dropped,
};

enum class order : std::uint8_t {
  /// As the rows of the table.
  table,
  /// By the names given.
  sorted,
};

struct element_row {
  kind what = kind::text;
  /// In MessageML.
  std::string_view tag;
  /// In PresentationML, with the word of its class or type.
  std::string_view written;
  std::string_view written_class{};
  children content = children::any;
  std::span<const kind> allowed{};
  /// Its direct parent; none: any.
  std::span<const kind> parents{};
  std::span<const attribute_row> attributes{};
  order attribute_order = order::sorted;
  /// Written as `<x/>`.
  bool closed = false;
  /// May stand in headings, bold text and the like.
  bool phrasing = false;
  /// Its shorthand may not stand in PresentationML.
  bool shorthand_only = false;
  /// Needs a form above it.
  bool in_form = false;
  /// With a label or title it is written within a group; the first part of ids made for it.
  std::string_view group{};
  /// The type of its entity, and the head of ids made for it; empty: none.
  std::string_view entity{};
  std::string_view entity_head{};
  /// What a message with one is like, for docs/messageml-elements.md.
  std::string_view example{};
  /// What grammar/rules.cpp checks beyond the other columns, for the same page.
  std::string_view rules{};
};

/// The row of an element; of `text`, one without a tag.
const element_row& row_of(kind what);

/// All of them.
std::span<const element_row> all_rows();

} // namespace tutti::messageml
