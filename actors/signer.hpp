// signer: reads a key and signs logins, off the loop.
#pragma once

#include <actors/wire/key_file.hpp>

#include <tutti/protocol/error.hpp>

#include <caf/actor_system.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace tutti {

/// Ask: a JWT to log the key's owner in with, valid from now. Error: `login_refused` (the key).
struct sign_login {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, sign_login&) {
  return f(caf::meta::type_name("sign_login"));
}

using signer_actor = caf::typed_actor<caf::replies_to<sign_login>::with<std::string>>;

/// On CAF's scheduler: reading a file and an RSA signature (up to 4 ms) have no place on the loop.
/// The key is read again at each login, so that it can be rotated, and parsed when it has changed.
signer_actor spawn_signer(caf::actor_system& system, wire::key_source where);

} // namespace tutti
