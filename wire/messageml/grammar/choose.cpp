#include <wire/messageml/grammar/choose.hpp>

#include <wire/messageml/text/values.hpp>

#include <string_view>
#include <unordered_map>

namespace tutti::messageml {

namespace {

bool has_class(const xml::node& given, std::string_view word) {
  const auto* words = given.find("class");
  return words && has_word(*words, word);
}

element_choice by_word(const xml::node& given, kind what, const char* attribute,
                       std::string_view word) {
  return {what, spelling::presentation, without_word(*given.find(attribute), word), attribute};
}

element_choice choose_division(const xml::node& given) {
  if (has_class(given, "entity"))
    return {kind::division, spelling::presentation, {}, nullptr, true};
  // The first that the class names, in the order of the agent.
  struct named {
    kind what;
    std::string_view word;
  };
  constexpr named all[] = {{kind::card, "card"},
                           {kind::card_body, "cardBody"},
                           {kind::card_header, "cardHeader"},
                           {kind::expandable_card, "expandable-card"},
                           {kind::expandable_body, "expandableCardBody"},
                           {kind::expandable_header, "expandableCardHeader"},
                           {kind::person_selector, "person-selector"},
                           {kind::room_selector, "room-selector"},
                           {kind::date_selector, "date-selector"},
                           {kind::checkbox, "checkbox-group"},
                           {kind::radio, "radio-group"},
                           {kind::ui_action, "ui-action"},
                           {kind::timezone_picker, "timezone-picker"}};
  for (const auto& each : all)
    if (has_class(given, each.word))
      return by_word(given, each.what, "class", each.word);
  return {kind::division, spelling::presentation};
}

std::optional<element_choice> choose_input(const xml::node& given) {
  const auto* type = given.find("type");
  if (!type)
    return std::nullopt;
  for (auto what :
       {kind::text_field, kind::checkbox, kind::radio, kind::date_picker, kind::time_picker})
    if (const auto word = row_of(what).written_class; has_word(*type, word)) {
      auto made = by_word(given, what, "type", word);
      if (what != kind::text_field)
        made.rest.reset();
      return made;
    }
  return std::nullopt;
}

kind header_in(const std::vector<kind>& above) {
  return above.back() == kind::expandable_card ? kind::expandable_header : kind::card_header;
}

kind body_in(const std::vector<kind>& above) {
  if (above.back() == kind::dialog || (above.size() > 1 && above[above.size() - 2] == kind::dialog))
    return kind::dialog_body;
  return above.back() == kind::expandable_card ? kind::expandable_body : kind::card_body;
}

/// Those with a tag of their own: `header` and `body` depend on what is around them.
const std::unordered_map<std::string_view, kind>& by_tag() {
  static const auto all = [] {
    std::unordered_map<std::string_view, kind> made;
    for (const auto& row : all_rows())
      if (row.what != kind::message)
        made.emplace(row.tag, row.what);
    return made;
  }();
  return all;
}

} // namespace

kind kind_with_tag(std::string_view tag, std::string_view parent) {
  if (!parent.empty() && (tag == "header" || tag == "body")) {
    const std::vector around{kind_with_tag(parent)};
    return tag == "body" ? body_in(around) : header_in(around);
  }
  const auto found = by_tag().find(tag);
  return found == by_tag().end() ? kind::text : found->second;
}

std::optional<element_choice> choose(const xml::node& given, const std::vector<kind>& above,
                                     spelling mode) {
  const auto& tag = given.name;
  if (tag == "div")
    return choose_division(given);
  if (tag == "span" && has_class(given, "entity"))
    return element_choice{kind::span, spelling::presentation, {}, nullptr, true};
  if (tag == "input")
    return choose_input(given);
  if (tag == "audio")
    return element_choice{kind::chime, spelling::presentation};
  if (tag == "header")
    return element_choice{header_in(above), mode};
  if (tag == "body")
    return element_choice{body_in(above), mode};
  const auto what = kind_with_tag(tag);
  if (what == kind::text)
    return std::nullopt;
  const auto& row = row_of(what);
  const auto always_html = row.what == kind::select || row.what == kind::option;
  return element_choice{row.what, always_html           ? spelling::presentation
                                  : !row.entity.empty() ? spelling::shorthand
                                                        : mode};
}

} // namespace tutti::messageml
