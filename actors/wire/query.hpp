// Lists as they stand in a query.
#pragma once

#include <tutti/ids.hpp>

#include <span>
#include <string>

namespace tutti::wire {

/// `1,2,3`
inline std::string comma_list(std::span<const user_id> users) {
  std::string list;
  for (auto user : users) {
    if (!list.empty())
      list += ',';
    list += std::to_string(user.value());
  }
  return list;
}

} // namespace tutti::wire
