// An auth actor that logs anybody in: the bot, and users without the app that will be needed once.
#pragma once

#include <tests/simulation/hostile_wire.hpp>

#include <tutti/protocol/auth.hpp>
#include <tutti/protocol/http.hpp>

#include <caf/typed_event_based_actor.hpp>

#include <simdjson.h>

#include <map>
#include <set>
#include <string>

namespace tutti::simulation {

/// Lends as the real one does: one login at a time for each identity, late news of an old session
/// answered with the newer one.
class many_sessions final : public auth_actor::base {
public:
  many_sessions(caf::actor_config& cfg, http_actor http, user_id bot)
      : auth_actor::base(cfg), http_(std::move(http)), bot_(bot) {}

  const char* name() const override { return "many_sessions"; }

  behavior_type make_behavior() override {
    await_demand();
    return {[this](const whoami& who) {
      return caller_info{who.as.is_bot() ? bot_ : who.as.user(), "somebody", "Somebody"};
    }};
  }

  void on_exit() override { http_ = nullptr; }

private:
  void await_demand() {
    request(http_, caf::infinite, await_session_demand{})
        .then(
            [this](const session_wanted& wanted) {
              await_demand();
              on_demand(wanted);
            },
            [](const caf::error&) {});
  }

  void on_demand(const session_wanted& wanted) {
    auto& known = sessions_[wanted.as];
    if (!known.empty() && known != wanted.rejected)
      return send(http_, lease_session{wanted.as, known});
    if (!logging_in_.insert(wanted.as).second)
      return;
    known = {};
    http_call call;
    call.as = wanted.as;
    call.authorized = false;
    call.request.method = http_method::post;
    call.request.target = std::string{user_login_path} +
                          std::to_string((wanted.as.is_bot() ? bot_ : wanted.as.user()).value());
    call.request.repeat_safe = true;
    request(http_, caf::infinite, std::move(call))
        .then([this, as = wanted.as](const http_response& answer) { on_answer(as, answer); },
              [this, as = wanted.as](const caf::error& why) { refuse(as, to_failure(why)); });
  }

  void on_answer(const identity& as, const http_response& answer) {
    simdjson::dom::parser parser;
    std::string_view token;
    if (answer.status != 200 ||
        parser.parse(answer.body)["token"].get_string().get(token) != simdjson::SUCCESS)
      return refuse(as, {errc::login_refused, "HTTP " + std::to_string(answer.status), 0, {}});
    logging_in_.erase(as);
    sessions_[as] = session{std::string{token}};
    send(http_, lease_session{as, sessions_[as]});
  }

  void refuse(const identity& as, const failure& why) {
    logging_in_.erase(as);
    send(http_, refuse_session{as, why});
  }

  http_actor http_;
  user_id bot_;
  std::map<identity, session> sessions_;
  std::set<identity> logging_in_;
};

} // namespace tutti::simulation
