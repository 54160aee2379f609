// One row for each element. Sources: the documentation of MessageML, and what the agent's validator
// accepts and writes where both differ.
#include <wire/messageml/grammar/attribute_rows.hpp>

#include <array>

namespace tutti::messageml {

namespace {

using namespace rows_of_attributes;
using K = kind;

// -- who may stand where -------------------------------------------------------------

constexpr std::array items{K::list_item};
constexpr std::array lists{K::bullet_list, K::ordered_list};
constexpr std::array table_parts{K::table_header, K::table_body, K::table_footer, K::table_row};
constexpr std::array table_rows{K::table_row};
constexpr std::array cells{K::table_cell, K::header_cell};
constexpr std::array in_card{K::card};
constexpr std::array in_expandable{K::expandable_card};
constexpr std::array options{K::option};
constexpr std::array selects{K::select};
constexpr std::array box_content{K::bold, K::italic, K::text};
constexpr std::array actions{K::button, K::ui_action};
constexpr std::array root{K::message};

constexpr element_row plain(kind what, std::string_view tag, children content,
                            bool phrasing = false) {
  element_row row{what, tag, tag, {}, content};
  row.attributes = generic;
  row.phrasing = phrasing;
  return row;
}

constexpr element_row field(kind what, std::string_view tag, std::string_view written,
                            std::string_view written_class, children content,
                            std::span<const attribute_row> attributes, order attribute_order,
                            bool closed, std::string_view group) {
  element_row row{what, tag, written, written_class, content, {}, {}, attributes, attribute_order};
  row.closed = closed;
  row.in_form = true;
  row.group = group;
  return row;
}

constexpr element_row entity(kind what, std::string_view tag, children content,
                             std::span<const attribute_row> attributes, bool shorthand_only,
                             std::string_view type, std::string_view head) {
  element_row row{what, tag, "span", "entity", content, {}, {}, attributes};
  row.shorthand_only = shorthand_only;
  row.phrasing = what != K::instrument && what != K::date_time;
  row.entity = type;
  row.entity_head = head;
  return row;
}

constexpr element_row part(kind what, std::string_view tag, std::string_view written_class,
                           std::span<const kind> parents, bool shorthand_only,
                           std::span<const attribute_row> attributes = {}) {
  element_row row{what, tag, "div", written_class, children::any, {}, parents, attributes};
  row.shorthand_only = shorthand_only;
  return row;
}

constexpr element_row listed(kind what, std::string_view tag, children content,
                             std::span<const kind> allowed, std::span<const kind> parents = {}) {
  return {what, tag, tag, {}, content, allowed, parents, generic};
}

constexpr element_row empty(kind what, std::string_view tag,
                            std::span<const attribute_row> attributes) {
  element_row row{what, tag, tag, {}, children::nothing, {}, {}, attributes};
  row.closed = true;
  row.phrasing = what != K::rule;
  return row;
}

constexpr element_row allowing(element_row row, std::span<const kind> allowed) {
  row.allowed = allowed;
  return row;
}

constexpr element_row with_attributes(element_row row, std::span<const attribute_row> attributes) {
  row.attributes = attributes;
  return row;
}

constexpr element_row chime_row() {
  element_row row{K::chime, "chime", "audio", {}, children::nothing, {}, root, chime_rows};
  row.closed = row.phrasing = row.shorthand_only = true;
  return row;
}

constexpr element_row card_row(kind what, std::string_view tag,
                               std::span<const attribute_row> attributes) {
  element_row row{what, tag, "div", tag, children::any, {}, {}, attributes, order::table};
  row.shorthand_only = true;
  return row;
}

constexpr std::array rows{
    element_row{K::message, "messageML", "div"},
    plain(K::heading1, "h1", children::phrasing),
    plain(K::heading2, "h2", children::phrasing),
    plain(K::heading3, "h3", children::phrasing),
    plain(K::heading4, "h4", children::phrasing),
    plain(K::heading5, "h5", children::phrasing),
    plain(K::heading6, "h6", children::phrasing),
    plain(K::bold, "b", children::phrasing, true),
    plain(K::italic, "i", children::phrasing, true),
    plain(K::preformatted, "pre", children::phrasing),
    plain(K::paragraph, "p", children::any),
    with_attributes(plain(K::division, "div", children::any), division_rows),
    with_attributes(plain(K::span, "span", children::any, true), span_rows),
    plain(K::subscript, "sub", children::any, true),
    plain(K::superscript, "sup", children::any, true),
    with_attributes(plain(K::link, "a", children::any, true), link_rows),
    empty(K::image, "img", image_rows),
    empty(K::line_break, "br", {}),
    empty(K::rule, "hr", {}),
    listed(K::bullet_list, "ul", children::some_listed, items),
    listed(K::ordered_list, "ol", children::some_listed, items),
    listed(K::list_item, "li", children::any, {}, lists),
    listed(K::table, "table", children::listed, table_parts),
    listed(K::table_header, "thead", children::listed, table_rows),
    listed(K::table_body, "tbody", children::listed, table_rows),
    listed(K::table_footer, "tfoot", children::listed, table_rows),
    listed(K::table_row, "tr", children::listed, cells),
    with_attributes(plain(K::table_cell, "td", children::any), cell_rows),
    plain(K::header_cell, "th", children::any),
    with_attributes(plain(K::code, "code", children::phrasing_or_preformatted), code_rows),
    chime_row(),
    entity(K::mention, "mention", children::dropped, mention_rows, true,
           "com.symphony.user.mention", "mention"),
    entity(K::hashtag, "hash", children::dropped, tag_rows, true, "org.symphonyoss.taxonomy",
           "keyword"),
    entity(K::cashtag, "cash", children::dropped, tag_rows, true, "org.symphonyoss.fin.security",
           "keyword"),
    entity(K::instrument, "tag", children::dropped, instrument_rows, false,
           "org.symphonyoss.fin.security", "tag"),
    entity(K::emoji, "emoji", children::phrasing, emoji_rows, false, "com.symphony.emoji", "emoji"),
    entity(K::date_time, "dateTime", children::dropped, date_time_rows, false, "org.symphonyoss",
           "datetime"),
    card_row(K::card, "card", card_rows),
    part(K::card_header, "header", "cardHeader", in_card, true),
    part(K::card_body, "body", "cardBody", in_card, true),
    card_row(K::expandable_card, "expandable-card", expandable_rows),
    part(K::expandable_header, "header", "expandableCardHeader", in_expandable, true),
    part(K::expandable_body, "body", "expandableCardBody", in_expandable, true,
         expandable_body_rows),
    element_row{K::form, "form", "form", {}, children::any, {}, {}, form_rows, order::table},
    element_row{
        K::button, "button", "button", {}, children::some_text, {}, {}, button_rows, order::table},
    field(K::text_field, "text-field", "input", "text", children::text_only, text_field_rows,
          order::table, true, "textfield"),
    field(K::text_area, "textarea", "textarea", {}, children::text_only, text_area_rows,
          order::sorted, false, "textarea"),
    field(K::rich_text_area, "richtextarea", "textarea", {}, children::text_only, text_area_rows,
          order::sorted, false, "richtextarea"),
    allowing(field(K::checkbox, "checkbox", "input", "checkbox", children::listed, box_rows,
                   order::table, true, {}),
             box_content),
    allowing(field(K::radio, "radio", "input", "radio", children::listed, box_rows, order::table,
                   true, {}),
             box_content),
    allowing(field(K::select, "select", "select", {}, children::some_listed, select_rows,
                   order::sorted, false, "dropdown"),
             options),
    element_row{K::option, "option", "option", {}, children::some_text, {}, selects, option_rows},
    field(K::person_selector, "person-selector", "div", "person-selector", children::nothing,
          person_rows, order::table, false, "person-selector"),
    field(K::room_selector, "room-selector", "div", "room-selector", children::nothing, room_rows,
          order::table, false, "room-selector"),
    field(K::date_picker, "date-picker", "input", "date", children::dropped, date_picker_rows,
          order::table, false, "date-picker"),
    field(K::time_picker, "time-picker", "input", "time", children::dropped, time_picker_rows,
          order::table, true, "time-picker"),
    field(K::timezone_picker, "timezone-picker", "div", "timezone-picker", children::dropped,
          timezone_rows, order::table, false, "timezone-picker"),
    field(K::date_selector, "date-selector", "div", "date-selector", children::nothing,
          date_selector_rows, order::table, false, {}),
    element_row{K::ui_action,
                "ui-action",
                "div",
                "ui-action",
                children::some_listed,
                actions,
                {},
                ui_action_rows,
                order::table},
    element_row{
        K::dialog, "dialog", "dialog", {}, children::any, {}, {}, dialog_rows, order::table},
    part(K::dialog_title, "title", "dialog-title", {}, false),
    part(K::dialog_body, "body", "dialog-body", {}, true),
    part(K::dialog_footer, "footer", "dialog-footer", {}, false),
    element_row{K::text}};

constexpr bool in_order() {
  for (std::size_t at = 0; at < rows.size(); ++at)
    if (static_cast<std::size_t>(rows[at].what) != at)
      return false;
  return rows.size() == static_cast<std::size_t>(K::text) + 1;
}
static_assert(in_order());

} // namespace

const element_row& row_of(kind what) {
  return rows[static_cast<std::size_t>(what)];
}

std::span<const element_row> all_rows() {
  return {rows.data(), rows.size() - 1};
}

} // namespace tutti::messageml
