// connections: tells who has accepted a connection with the caller, many users in one call.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/connection.hpp>
#include <tutti/identity.hpp>
#include <tutti/participants.hpp>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace tutti {

/// Ask: which of these users are connected with the caller; users of its own pod always are.
///
/// Errors: those of `http_call`, and `not_entitled`, `rejected`, `rate_limited`, `protocol_error`.
struct find_connected {
  identity as;
  participant_set users;
};

/// Answer: those of the users asked for whose connection is accepted.
struct connected_found {
  participant_set users;
};

/// Ask: how the caller and one user stand. Same errors.
struct get_connection {
  identity as;
  user_id user;
};

/// Answer: the state; `none` when nothing was ever requested or no such user is known.
struct connection_info {
  connection_status status = connection_status::none;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, find_connected& x) {
  return f(caf::meta::type_name("find_connected"), x.as, x.users);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, connected_found& x) {
  return f(caf::meta::type_name("connected_found"), x.users);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_connection& x) {
  return f(caf::meta::type_name("get_connection"), x.as, x.user);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, connection_info& x) {
  return f(caf::meta::type_name("connection_info"), x.status);
}

/// Handle of the connections actor.
using connections_actor = caf::typed_actor<caf::replies_to<find_connected>::with<connected_found>,
                                           caf::replies_to<get_connection>::with<connection_info>>;

} // namespace tutti
