// auth: one login at a time, its session lent to http, and the caller's own id.
#include <actors/auth.hpp>

#include <actors/loop/resident.hpp>
#include <actors/signer.hpp>
#include <actors/wire/endpoints.hpp>

#include <caf/send.hpp>

#include <optional>
#include <vector>

namespace tutti {

namespace {

/// For so long a refused login is not tried again.
constexpr std::chrono::seconds refusal_stands{5};

class auth_impl final : public resident<auth_actor> {
public:
  auth_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, const bot_config& settings,
            http_actor http, logger log, std::shared_ptr<vitals> life)
      : resident<auth_actor>(cfg, std::move(unit)), username_(settings.username),
        http_(std::move(http)), signer_(spawn_signer(system(), settings)), log_(std::move(log)),
        life_(std::move(life)) {}

  const char* name() const override { return "tutti.auth"; }

protected:
  behavior_type make_behavior() override {
    await_demand();
    return {[this](const whoami& question) { return on_whoami(question); }};
  }

  void on_exit() override {
    answer_all(ending());
    caf::anon_send_exit(signer_, caf::exit_reason::user_shutdown);
    signer_ = nullptr;
    http_ = nullptr;
  }

private:
  using answer = caf::typed_response_promise<caller_info>;

  // -- sessions for http ------------------------------------------------------

  /// One question to http is always outstanding; the error is http's end, and then ours is near.
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
    if (!wanted.as.is_bot())
      return send(http_, refuse_session{wanted.as,
                                        {errc::unauthorized,
                                         "no session on behalf of user " +
                                             std::to_string(wanted.as.user().value()) +
                                             ": this bot has no app to act with",
                                         0, "obo"}});
    // Late news of an old session: the newer one serves.
    if (!session_.empty() && session_ != wanted.rejected)
      return send(http_, lease_session{{}, session_});
    // What was refused a moment ago will be refused again; the pod need not hear of it each time.
    if (refused_ && now() < asked_again_)
      return send(http_, refuse_session{{}, *refused_});
    if (!logging_in_)
      log_in();
  }

  void log_in() {
    logging_in_ = true;
    session_ = {};
    request(signer_, caf::infinite, sign_login{})
        .then([this](const std::string& jwt) { authenticate(jwt); },
              [this](const caf::error& why) { login_failed(to_failure(why)); });
  }

  void authenticate(std::string_view jwt) {
    http_call call;
    call.authorized = false;
    call.request = wire::login(jwt);
    request(http_, caf::infinite, std::move(call))
        .then(
            [this](const http_response& response) {
              auto given = wire::read_login(response, std::chrono::system_clock::now());
              if (!given)
                return login_failed(given.error());
              logging_in_ = false;
              refused_.reset();
              session_ = std::move(*given);
              log_.info("logged_in", {{"user", username_}});
              life_->logins.add();
              life_->board.logged_in();
              send(http_, lease_session{{}, session_});
            },
            [this](const caf::error& why) { login_failed(to_failure(why)); });
  }

  void login_failed(const failure& why) {
    logging_in_ = false;
    if (why.error == errc::shutting_down)
      return send(http_, refuse_session{{}, why});
    if (why.error == errc::login_refused) {
      refused_ = why;
      asked_again_ = now() + refusal_stands;
    }
    log_.error("login_failed", {{"user", username_}, {"why", to_string(why)}});
    life_->logins_failed.add();
    life_->board.raise(login_trouble, to_string(why));
    send(http_, refuse_session{{}, why});
  }

  // -- who the caller is ------------------------------------------------------

  answer on_whoami(const whoami& question) {
    auto promise = make_response_promise<answer>();
    if (!question.as.is_bot())
      promise.deliver(caller_info{question.as.user(), {}, {}});
    else if (caller_)
      promise.deliver(*caller_);
    else {
      asking_.push_back(promise);
      if (asking_.size() == 1)
        look_up_caller();
    }
    return promise;
  }

  void look_up_caller() {
    http_call call;
    call.request = wire::session_info();
    request(http_, caf::infinite, std::move(call))
        .then(
            [this](const http_response& response) {
              auto caller = wire::read_session_info(response);
              if (!caller)
                return answer_all(caller.error());
              caller_ = std::move(*caller);
              for (auto& each : std::exchange(asking_, {}))
                each.deliver(*caller_);
            },
            [this](const caf::error& why) { answer_all(to_failure(why)); });
  }

  void answer_all(const failure& why) {
    for (auto& each : std::exchange(asking_, {}))
      each.deliver(to_error(why));
  }

  std::string username_;
  http_actor http_;
  signer_actor signer_;
  logger log_;
  std::shared_ptr<vitals> life_;
  session session_;
  bool logging_in_ = false;
  /// The last refusal, and until when it is the answer.
  std::optional<failure> refused_;
  std::chrono::steady_clock::time_point asked_again_;
  std::optional<caller_info> caller_;
  std::vector<answer> asking_;
};

} // namespace

auth_actor spawn_auth(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const bot_config& settings, http_actor http, const logger& log,
                      std::shared_ptr<vitals> life) {
  return spawn_resident<auth_impl>(system, unit, settings, std::move(http), log, std::move(life));
}

} // namespace tutti
