// In place of auth: sessions of the pod for whomever one is wanted, without a login.
#pragma once

#include <tests/support/desk.hpp>

#include <tutti/protocol/auth.hpp>
#include <tutti/protocol/http.hpp>

#include <chrono>
#include <utility>

namespace tutti::testing {

class lent_sessions final : public auth_actor::base {
public:
  lent_sessions(caf::actor_config& cfg, http_actor http, desk& pod)
      : auth_actor::base(cfg), http_(std::move(http)), pod_(pod) {}

  behavior_type make_behavior() override {
    lend();
    return {[this](const whoami& who) {
      return caller_info{who.as.is_bot() ? pod_.id("demo-bot") : who.as.user(), {}, {}};
    }};
  }

  void on_exit() override { http_ = nullptr; }

private:
  void lend() {
    request(http_, caf::infinite, await_session_demand{})
        .then(
            [this](const session_wanted& wanted) {
              auto owner = wanted.as.is_bot() ? pod_.id("demo-bot") : wanted.as.user();
              std::string token;
              pod_.serving.with_pod([&](emulator::pod& state) {
                token = state.open_session(owner.value(), std::chrono::system_clock::now());
              });
              send(http_, lease_session{wanted.as, session{std::move(token)}});
              lend();
            },
            [](const caf::error&) {}); // The core has ended.
  }

  http_actor http_;
  desk& pod_;
};

} // namespace tutti::testing
