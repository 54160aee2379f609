// What may be wrong with a message, as the agent's validator finds it.
#pragma once

#include <tutti/export.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tutti::messageml {

enum class fault_kind {
  empty_message,
  too_large,
  bad_entity_json,
  bad_template,
  control_character,
  not_xml,
  too_deep,
  unknown_entity,
  wrong_root,
  unknown_element,
  unknown_attribute,
  child_not_allowed,
  text_not_allowed,
  child_missing,
  wrong_parent,
  no_form_above,
  forbidden_ancestor,
  attribute_missing,
  not_in_list,
  not_a_boolean,
  not_an_integer,
  out_of_range,
  too_long,
  bad_pattern,
  initial_value_length,
  min_and_max,
  several_selected,
  too_many,
  no_action_button,
  duplicate_id,
  dialog_target,
  blank_in_id,
  bad_date_or_time,
  bad_json,
  bad_style,
  bad_uri,
  user_not_found,
  instrument_not_found,
  shorthand_in_presentation,
};

/// e.g. `unknown-attribute`.
TUTTI_FRONT_DOOR std::string_view to_string(fault_kind kind) noexcept;

/// Where it is in the text: both count from 1, columns in characters; 0: nowhere in particular.
struct position {
  int line = 0;
  int column = 0;
};

struct fault {
  fault_kind kind = fault_kind::not_xml;
  position at;
  /// The MessageML tag; empty for none.
  std::string element;
  std::string attribute;
  /// For people: what is wrong and what is allowed.
  std::string text;
};

/// `line 2, column 7: <button>: name: ...`.
TUTTI_FRONT_DOOR std::string to_string(const fault& one);

using faults = std::vector<fault>;

} // namespace tutti::messageml
