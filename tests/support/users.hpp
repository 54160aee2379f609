// Users by number.
#pragma once

#include <tutti/participants.hpp>

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace tutti::testing {

inline user_id user(std::int64_t value) {
  return *user_id::make(value);
}

inline participant_set users(std::initializer_list<std::int64_t> ids) {
  std::vector<user_id> list;
  for (auto id : ids)
    list.push_back(user(id));
  return participant_set::of(list);
}

} // namespace tutti::testing
