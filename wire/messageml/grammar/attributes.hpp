// The attributes of one element, against its row of the table.
#pragma once

#include <wire/messageml/fault.hpp>
#include <wire/messageml/grammar/tree.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti::messageml {

/// What is wrong with one attribute; `value` is null for one that is missing.
std::optional<fault> fault_of(const attribute_row& row, const std::string* value,
                              std::string_view tag);

/// The row of an attribute; null when an element in that spelling does not take it.
const attribute_row* find_attribute(const element_row& row, std::string_view name, spelling in);

/// Checks what was given and keeps it in `made`, sorted as it was given. `tag`: for faults.
void read_attributes(const std::vector<std::pair<std::string, std::string>>& given,
                     const std::string& tag, element& made, faults& found);

} // namespace tutti::messageml
