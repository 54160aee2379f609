// auth: one login at a time for each identity, its session lent to http, and the caller's own id.
#include <actors/auth.hpp>

#include <actors/clock_cache.hpp>
#include <actors/loop/resident.hpp>
#include <actors/signer.hpp>
#include <actors/wire/endpoints.hpp>

#include <caf/send.hpp>

#include <optional>
#include <unordered_set>
#include <vector>

namespace tutti {

namespace {

/// For so long a refused login is not tried again.
constexpr std::chrono::seconds refusal_stands{5};

/// The longest a session can last (Symphony: 1 hour to 2 weeks).
constexpr std::chrono::hours session_lifetime{14 * 24};

/// How the board calls the trouble of an app that cannot log in.
constexpr const char* app_trouble = "login of the app";

class auth_impl final : public resident<auth_actor> {
public:
  auth_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, const tutti::config& settings,
            http_actor http, logger log, std::shared_ptr<vitals> life)
      : resident<auth_actor>(cfg, std::move(unit)), username_(settings.bot.username),
        app_(settings.app.id), http_(std::move(http)),
        signer_(spawn_signer(system(), wire::key_of(settings.bot))),
        app_signer_(app_.empty() ? signer_actor{}
                                 : spawn_signer(system(), wire::key_of(settings.app))),
        log_(std::move(log)), life_(std::move(life)), sessions_(settings.app.max_sessions + 2),
        refused_(settings.app.max_sessions + 2) {}

  const char* name() const override { return "tutti.auth"; }

protected:
  behavior_type make_behavior() override {
    await_demand();
    return {[this](const whoami& question) { return on_whoami(question); }};
  }

  void on_exit() override {
    answer_all(ending());
    for (auto* each : {&signer_, &app_signer_})
      if (*each) {
        caf::anon_send_exit(*each, caf::exit_reason::user_shutdown);
        *each = nullptr;
      }
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
    const auto& as = wanted.as;
    if (!as.is_bot() && app_.empty())
      return send(http_, refuse_session{as, no_app(as)});
    // Late news of an old session: the newer one serves.
    const auto* known = sessions_.find(as, now());
    if (known && *known != wanted.rejected)
      return send(http_, lease_session{as, *known});
    // What was refused a moment ago will be refused again; the pod need not hear of it each time.
    if (const auto* why = refused_.find(as, now()))
      return send(http_, refuse_session{as, *why});
    if (under_way_.insert(as).second)
      log_in(as);
  }

  static failure no_app(const identity& as) {
    return {errc::unauthorized,
            "no session on behalf of user " + to_string(as) +
                ": this bot has no app to act with; set app.appId and app.privateKey.path",
            0, "obo"};
  }

  void log_in(const identity& as) {
    sessions_.erase(as);
    if (!as.is_bot() && !as.is_app()) { // In the app's session, which http asks us for.
      http_call call;
      call.as = identity::of_app();
      call.request = wire::login_user(as.user());
      return authenticate(as, std::move(call));
    }
    request(as.is_app() ? app_signer_ : signer_, caf::infinite, sign_login{})
        .then(
            [this, as](const std::string& jwt) {
              http_call call;
              call.as = as;
              call.authorized = false;
              call.request = as.is_app() ? wire::login_app(jwt) : wire::login(jwt);
              authenticate(as, std::move(call));
            },
            [this, as](const caf::error& why) { login_failed(as, to_failure(why)); });
  }

  void authenticate(const identity& as, http_call&& call) {
    request(http_, caf::infinite, std::move(call))
        .then(
            [this, as](const http_response& response) {
              auto given = read(as, response);
              if (!given)
                return login_failed(as, given.error());
              logged_in(as, *given);
            },
            [this, as](const caf::error& why) { login_failed(as, to_failure(why)); });
  }

  static result<session> read(const identity& as, const http_response& response) {
    auto today = std::chrono::system_clock::now();
    if (as.is_bot())
      return wire::read_login(response, today);
    return as.is_app() ? wire::read_app_login(response, today)
                       : wire::read_user_login(response, as.user());
  }

  void logged_in(const identity& as, const session& given) {
    under_way_.erase(as);
    refused_.erase(as);
    sessions_.put(as, given, now() + session_lifetime);
    log_.info("logged_in", {{"as", words(as)}});
    life_->logins.add();
    if (as.is_bot())
      life_->board.logged_in();
    else if (as.is_app())
      life_->board.clear(app_trouble);
    send(http_, lease_session{as, given});
  }

  void login_failed(const identity& as, const failure& why) {
    under_way_.erase(as);
    if (why.error == errc::shutting_down)
      return send(http_, refuse_session{as, why});
    if (why.error == errc::login_refused || why.code == "obo")
      refused_.put(as, why, now() + refusal_stands);
    log_.error("login_failed", {{"as", words(as)}, {"why", to_string(why)}});
    life_->logins_failed.add();
    if (as.is_bot())
      life_->board.raise(login_trouble, to_string(why));
    else if (as.is_app())
      life_->board.raise(app_trouble, to_string(why));
    send(http_, refuse_session{as, why});
  }

  std::string words(const identity& as) const {
    if (as.is_bot())
      return username_;
    return as.is_app() ? "app " + app_ : "user " + to_string(as);
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
  /// Empty: none.
  std::string app_;
  http_actor http_;
  signer_actor signer_;
  signer_actor app_signer_;
  logger log_;
  std::shared_ptr<vitals> life_;
  clock_cache<identity, session> sessions_;
  /// Who is being logged in.
  std::unordered_set<identity> under_way_;
  /// The last refusals, as long as they are the answer.
  clock_cache<identity, failure> refused_;
  std::optional<caller_info> caller_;
  std::vector<answer> asking_;
};

} // namespace

auth_actor spawn_auth(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const config& settings, http_actor http, const logger& log,
                      std::shared_ptr<vitals> life) {
  return spawn_resident<auth_impl>(system, unit, settings, std::move(http), log, std::move(life));
}

} // namespace tutti
