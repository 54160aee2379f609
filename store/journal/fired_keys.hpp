// Keys of events that timers have become.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace tutti::store {

inline constexpr std::string_view timer_key = "timer ";
/// Between the timer's id, which has no control characters, and the time at which it was due.
inline constexpr char after_id = '\x1f';

/// All keys of the timer's events: from the first, up to the second.
inline std::pair<std::string, std::string> fired_keys(std::string_view id) {
  std::string begin{timer_key};
  begin.append(id);
  auto end = begin + static_cast<char>(after_id + 1);
  begin += after_id;
  return {std::move(begin), std::move(end)};
}

} // namespace tutti::store
