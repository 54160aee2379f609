// auth: logs in, knows who the caller is, and lends sessions to http.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/caller.hpp>
#include <tutti/identity.hpp>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace tutti {

/// Ask: who an identity is to the pod, answered by `caller_info`. Logs in when that has not
/// happened yet. Errors: those of `http_call`, and of the login: `login_refused`, `rejected`,
/// `rate_limited`, `protocol_error`.
struct whoami {
  identity as;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, whoami& x) {
  return f(caf::meta::type_name("whoami"), x.as);
}

/// Handle of the auth actor. Towards `http` it also plays the lender (see protocol/http.hpp).
using auth_actor = caf::typed_actor<caf::replies_to<whoami>::with<caller_info>>;

} // namespace tutti
