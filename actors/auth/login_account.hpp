// The bot or its app, as it logs in.
#pragma once

#include <actors/auth/login_prover.hpp>
#include <wire/endpoints.hpp>

#include <tutti/protocol/http.hpp>

#include <string>
#include <utility>

namespace tutti {

struct login_account {
  /// Empty: there is none.
  std::string name;
  wire::principal kind = wire::principal::bot;
  wire::login_by how = wire::login_by::key;
  login_prover_actor prover;

  /// The login of the account itself, for its identity `as`.
  http_call login(const identity& as, const login_proof& proof) const {
    auto by_key = how == wire::login_by::key;
    auto call = to_login_host(by_key ? wire::login(kind, proof.jwt) : wire::login(kind), proof);
    call.as = as;
    call.authorized = false;
    return call;
  }
  result<session> read(const http_response& response) const {
    return wire::read_login(kind, how, response, std::chrono::system_clock::now());
  }

  /// The account's login at the key manager.
  http_call key_manager_login(const login_proof& proof) const {
    auto call = to_login_host(wire::key_manager_login(how, proof.jwt), proof);
    call.to = service::key_manager;
    call.authorized = false;
    return call;
  }
  result<session> read_keys(const http_response& response) const {
    return wire::read_key_manager_login(how, response, std::chrono::system_clock::now());
  }

  /// A user's, in the session of this account, an app.
  http_call login_of_user(http_request request, const login_proof& proof) const {
    auto call = to_login_host(std::move(request), proof);
    call.as = identity::of_app();
    return call;
  }

private:
  http_call to_login_host(http_request request, const login_proof& proof) const {
    http_call call;
    call.to = wire::login_host(how);
    call.request = std::move(request);
    call.certificate = proof.certificate;
    return call;
  }
};

/// A key is used where both are given, as in the Python kit. `word` is the account's map in the
/// configuration.
template <class Settings>
login_account make_login_account(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                                 const std::string& name, wire::principal kind,
                                 const Settings& given, const char* word) {
  login_account made;
  made.name = name;
  made.kind = kind;
  if (name.empty())
    return made;
  if (given.private_key.given() || !given.certificate.given()) {
    made.prover = spawn_login_prover(system, unit, crypto::key_of(given));
  } else {
    made.how = wire::login_by::certificate;
    made.prover = spawn_login_prover(system, unit, certificate_of(given.certificate, word));
  }
  return made;
}

} // namespace tutti
