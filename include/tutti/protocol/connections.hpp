// connections: looks up who is connected with the caller, many users in one call, and requests
// connections with those who are not.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/connection.hpp>
#include <tutti/identity.hpp>
#include <tutti/participants.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <optional>
#include <vector>

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

/// What the caller does about a connection with one user (`POST /pod/v1/connection/...`).
enum class connection_step : std::uint8_t {
  /// Ask for it; the pod admits one open request for each pair.
  request,
  /// Agree to the other side's request.
  accept,
  /// Decline it.
  reject,
  /// End the connection.
  remove,
};

/// Ask: take that step; answered by `connection_info`, the state after it. On behalf of a user only
/// `request` is open. Errors: those of `http_call`, `not_entitled`, `unknown_user`, `rejected`
/// (also for nothing that could be accepted, rejected or removed), `rate_limited`,
/// `protocol_error`.
struct change_connection {
  identity as;
  user_id user;
  connection_step step = connection_step::request;
};

/// Ask: the caller's connections. Errors: as of `find_connected`.
struct list_connections {
  identity as;
  /// Only those in this state; nothing: all. Users of the caller's own pod are not among them.
  std::optional<connection_status> status;
};

/// Answer: all of them, as the pod lists them.
struct connections_listed {
  std::vector<user_connection> all;
};

struct cancel_connect;

/// Ask: be connected with these users. A request is sent to each who has not been asked, the
/// request of each who has asked the caller is accepted, who has declined is not asked again, and
/// with `wait` the others' answers are waited for: the pod is asked again after 1 s, then at
/// growing intervals of 15 s at most, for all users of one caller together. Errors: as of
/// `change_connection`, `cancelled`, `deadline_exceeded` with the code `connection_pending`.
struct connect_users {
  using cancelled_by = cancel_connect;

  identity as;
  participant_set users;
  bool wait = false;
  /// How long the others' answers are waited for; 0: a day.
  std::chrono::milliseconds timeout{0};
  /// Names this request for `cancel_connect`; may be empty.
  call_ticket ticket;
};

/// Answer: how the caller and each of them stand now. With `wait`: all have accepted, or one has
/// declined.
struct users_connected {
  std::vector<user_connection> all;
};

/// Tell: do not wait any longer; the asker gets `cancelled`. Requests that were sent stay.
struct cancel_connect {
  call_ticket ticket;
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
using connections_actor =
    caf::typed_actor<caf::replies_to<find_connected>::with<connected_found>,
                     caf::replies_to<get_connection>::with<connection_info>,
                     caf::replies_to<change_connection>::with<connection_info>,
                     caf::replies_to<list_connections>::with<connections_listed>,
                     caf::replies_to<connect_users>::with<users_connected>,
                     caf::reacts_to<cancel_connect>>;

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::change_connection)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::list_connections)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::connections_listed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::connect_users)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::users_connected)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::cancel_connect)
