// What makes two Create IM requests the same.
#pragma once

#include <tutti/identity.hpp>
#include <tutti/participants.hpp>

namespace tutti {

/// Acting identity, form, set: a bot and the users it acts for never share a flight or an answer.
struct im_key {
  identity as;
  im_form form = im_form::inclusive;
  participant_set users;

  friend bool operator==(const im_key&, const im_key&) = default;
};

} // namespace tutti

template <>
struct std::hash<tutti::im_key> {
  std::size_t operator()(const tutti::im_key& x) const noexcept {
    auto hash = std::hash<tutti::participant_set>{}(x.users);
    hash = (hash ^ std::hash<tutti::identity>{}(x.as)) * 0x9e3779b97f4a7c15ULL;
    return hash ^ static_cast<std::size_t>(x.form);
  }
};
