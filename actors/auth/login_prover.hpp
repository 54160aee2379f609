// login_prover: shows who an account is, by a signed JWT or a certificate, off the loop.
#pragma once

#include <actors/loop/unit.hpp>
#include <base/crypto/client_certificate.hpp>
#include <base/crypto/key_file.hpp>

#include <tutti/export.hpp>
#include <tutti/protocol/error.hpp>

#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace tutti {

/// Ask: what to log the account in with, good from now. Error: `login_refused` (key, certificate).
struct prove_login {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, prove_login&) {
  return f(caf::meta::type_name("prove_login"));
}

/// Answer: one of both.
struct login_proof {
  std::string jwt;
  std::shared_ptr<const crypto::client_certificate> certificate;
};

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::login_proof)

namespace tutti {

using login_prover_actor = caf::typed_actor<caf::replies_to<prove_login>::with<login_proof>>;

/// How long a file may take.
inline constexpr std::chrono::seconds file_patience{10};

/// The text for one that takes longer.
TUTTI_FRONT_DOOR std::string file_is_silent(const std::string& path,
                                            std::chrono::milliseconds time = file_patience);

/// Signs on a thread of its own: an RSA signature (up to 4 ms) has no place on the loop, a file may
/// not answer at all (a pipe, a dead disk), and the scheduler's threads may all be kept by authors'
/// handlers. The file is read again at each login, so that it can be rotated, and parsed when it
/// has changed. With a null unit, as in tests, only a file is read elsewhere.
login_prover_actor spawn_login_prover(caf::actor_system& system,
                                      const std::shared_ptr<loop_unit>& unit,
                                      crypto::key_source key);
login_prover_actor spawn_login_prover(caf::actor_system& system,
                                      const std::shared_ptr<loop_unit>& unit,
                                      crypto::store_source certificate);

/// Where the certificate of `bot` or `app` comes from, and how its complaints read.
TUTTI_FRONT_DOOR crypto::store_source certificate_of(const secret_config& given,
                                                     const std::string& whose);

} // namespace tutti
