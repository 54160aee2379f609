#include <wire/messageml/fault.hpp>

#include <fmt/format.h>

namespace tutti::messageml {

std::string_view to_string(fault_kind kind) noexcept {
  switch (kind) {
  case fault_kind::empty_message:
    return "empty-message";
  case fault_kind::too_large:
    return "too-large";
  case fault_kind::bad_entity_json:
    return "bad-entity-json";
  case fault_kind::bad_template:
    return "bad-template";
  case fault_kind::control_character:
    return "control-character";
  case fault_kind::not_xml:
    return "not-xml";
  case fault_kind::too_deep:
    return "too-deep";
  case fault_kind::unknown_entity:
    return "unknown-entity";
  case fault_kind::wrong_root:
    return "wrong-root";
  case fault_kind::unknown_element:
    return "unknown-element";
  case fault_kind::unknown_attribute:
    return "unknown-attribute";
  case fault_kind::child_not_allowed:
    return "child-not-allowed";
  case fault_kind::text_not_allowed:
    return "text-not-allowed";
  case fault_kind::child_missing:
    return "child-missing";
  case fault_kind::wrong_parent:
    return "wrong-parent";
  case fault_kind::no_form_above:
    return "no-form-above";
  case fault_kind::forbidden_ancestor:
    return "forbidden-ancestor";
  case fault_kind::attribute_missing:
    return "attribute-missing";
  case fault_kind::not_in_list:
    return "not-in-list";
  case fault_kind::not_a_boolean:
    return "not-a-boolean";
  case fault_kind::not_an_integer:
    return "not-an-integer";
  case fault_kind::out_of_range:
    return "out-of-range";
  case fault_kind::too_long:
    return "too-long";
  case fault_kind::bad_pattern:
    return "bad-pattern";
  case fault_kind::initial_value_length:
    return "initial-value-length";
  case fault_kind::min_and_max:
    return "min-and-max";
  case fault_kind::several_selected:
    return "several-selected";
  case fault_kind::too_many:
    return "too-many";
  case fault_kind::no_action_button:
    return "no-action-button";
  case fault_kind::duplicate_id:
    return "duplicate-id";
  case fault_kind::dialog_target:
    return "dialog-target";
  case fault_kind::blank_in_id:
    return "blank-in-id";
  case fault_kind::bad_date_or_time:
    return "bad-date-or-time";
  case fault_kind::bad_json:
    return "bad-json";
  case fault_kind::bad_style:
    return "bad-style";
  case fault_kind::bad_uri:
    return "bad-uri";
  case fault_kind::user_not_found:
    return "user-not-found";
  case fault_kind::instrument_not_found:
    return "instrument-not-found";
  case fault_kind::shorthand_in_presentation:
    return "shorthand-in-presentation";
  }
  return "";
}

std::string to_string(const fault& one) {
  std::string text;
  if (one.at.line > 0)
    text = fmt::format("line {}, column {}: ", one.at.line, one.at.column);
  if (!one.element.empty())
    text += fmt::format("<{}>: ", one.element);
  if (!one.attribute.empty())
    text += one.attribute + ": ";
  return text + one.text;
}

} // namespace tutti::messageml
