// auth: logs in, knows who the caller is, and leases sessions to http.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/caller.hpp>
#include <tutti/identity.hpp>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace tutti {

/// Ask: who an identity is to the pod, answered by `caller_info`. Logs in when that has not
/// happened yet. Errors: those of `http_call`, and of the login: `login_refused`, `rejected`,
/// `rate_limited`, `protocol_error`.
struct whoami {
  identity as;
};

/// Ask: the user of that name, to act on behalf of as `identity::on_behalf_of(answer.id)`; answered
/// by `caller_info`. The pod is asked for a session by name, which is kept as that user's; the app
/// needs the permission `GET_BASIC_USER_INFO`. Errors: as of `whoami`, `not_entitled`,
/// `unknown_user`.
struct identify_user {
  /// Case-sensitive, of the app's own pod.
  std::string username;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, whoami& x) {
  return f(caf::meta::type_name("whoami"), x.as);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, identify_user& x) {
  return f(caf::meta::type_name("identify_user"), x.username);
}

/// Handle of the auth actor. It also leases sessions to `http` (see protocol/http.hpp).
using auth_actor = caf::typed_actor<caf::replies_to<whoami>::with<caller_info>,
                                    caf::replies_to<identify_user>::with<caller_info>>;

} // namespace tutti
