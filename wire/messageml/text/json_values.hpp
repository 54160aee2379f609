// Attributes that hold JSON: lists of users, rooms and zones, and intervals of dates and times.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tutti::messageml {

/// A list of user ids. How many there are; nothing when it is none. `null_list`: `null` counts as
/// an empty list.
std::optional<std::size_t> count_user_ids(std::string_view text, bool null_list);
/// A list of texts, which single quotes may enclose.
bool is_text_list(std::string_view text);
/// The list of zones as the agent writes it; nothing when it is none.
std::optional<std::string> zone_list(std::string_view text);
/// A list of texts as the agent writes it again; nothing when it is none.
std::optional<std::string> text_list(std::string_view text);
/// The intervals with their types, as the agent writes them; nothing when they are none.
std::optional<std::string> date_intervals(std::string_view text);
std::optional<std::string> time_intervals(std::string_view text);

} // namespace tutti::messageml
