// users: looks users up, many in one call, and keeps who is internal.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/identity.hpp>
#include <tutti/participants.hpp>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace tutti {

/// Where a user is looked for (query `local` of `GET /pod/v3/users`).
enum class user_scope : std::uint8_t {
  /// The caller's own pod: those found are internal. Answers are kept.
  own_pod,
  /// The directory with visible users of other pods. Asked for each time.
  everywhere,
};

/// Ask: which of these users exist in that scope.
/// Errors: those of `http_call`, and `not_entitled`, `rejected`, `rate_limited`, `protocol_error`.
struct find_users {
  identity as;
  participant_set users;
  user_scope scope = user_scope::own_pod;
};

/// Answer: those of the users asked for that were found.
struct users_found {
  participant_set users;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, find_users& x) {
  return f(caf::meta::type_name("find_users"), x.as, x.users, x.scope);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, users_found& x) {
  return f(caf::meta::type_name("users_found"), x.users);
}

/// Handle of the users actor.
using users_actor = caf::typed_actor<caf::replies_to<find_users>::with<users_found>>;

} // namespace tutti
