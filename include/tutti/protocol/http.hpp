// http: performs calls over pooled connections, with the session that auth leases to it.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/http_message.hpp>
#include <tutti/identity.hpp>
#include <tutti/session.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <memory>

namespace tutti {

namespace crypto {
class client_certificate;
}

struct cancel_call;

/// Ask: perform a call. The answer carries whatever status the pod gave, except that an authorized
/// call refused with 401 is repeated once with a renewed session and then fails.
/// Errors: `unauthorized`, `overloaded`, `deadline_exceeded`, `cancelled`, `unreachable`,
/// `protocol_error`, `shutting_down`, and those of the login.
struct http_call {
  using cancelled_by = cancel_call;

  service to = service::pod;
  /// Whose session goes with the call.
  identity as;
  /// false: no session at all, as for a login.
  bool authorized = true;
  http_request request;
  /// From the arrival of this message; 0 means `host_config::read_timeout`.
  std::chrono::milliseconds timeout{0};
  /// The host answers when it has something to say: that it is silent is no sign of trouble.
  bool long_poll = false;
  /// Names the call for `cancel_call`; may be empty.
  call_ticket ticket;
  /// Shown to the host when it asks, as at a login by certificate; null: none.
  std::shared_ptr<const crypto::client_certificate> certificate;
};

/// Tell: give up the call with that ticket; its asker gets `cancelled`.
struct cancel_call {
  call_ticket ticket;
};

/// Ask, by the auth actor: answered when `http` wants a session. One is always outstanding.
struct await_session_demand {};

/// Answer: `http` needs a session for `as`, because it has none or because `rejected` met a 401.
struct session_wanted {
  identity as;
  session rejected;
  /// With the key manager's token, for a call to the agent.
  bool keys = false;
};

/// Tell, by the auth actor: use this session for `as` from now on.
struct lease_session {
  identity as;
  session current;
};

/// Tell, by the auth actor: there is no session for `as`; fail the calls that wait for one.
struct refuse_session {
  identity as;
  failure why;
};

/// Handle of the HTTP actor.
using http_actor =
    caf::typed_actor<caf::replies_to<http_call>::with<http_response>, caf::reacts_to<cancel_call>,
                     caf::replies_to<await_session_demand>::with<session_wanted>,
                     caf::reacts_to<lease_session>, caf::reacts_to<refuse_session>>;

} // namespace tutti

// Not inspectable: requests and sessions never leave the process as actor messages.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::http_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::http_response)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::cancel_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::await_session_demand)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::session_wanted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::lease_session)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::refuse_session)
