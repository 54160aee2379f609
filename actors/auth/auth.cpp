// The auth actor: logs identities in, leases their sessions to http, and says who callers are.
#include <actors/auth/auth.hpp>

#include <actors/auth/caller_look_ups.hpp>
#include <actors/auth/jwt_renewal.hpp>
#include <actors/auth/login_account.hpp>
#include <actors/auth/logins.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/tick.hpp>
#include <wire/endpoints.hpp>

#include <caf/send.hpp>

#include <optional>
#include <string>
#include <utility>

namespace tutti {

namespace {

/// How the board calls the trouble of an app that cannot log in.
constexpr const char* app_trouble = "login of the app";

using resident_base = resident<auth_actor::extend<caf::reacts_to<tick>>>;

class auth_impl final : public resident_base {
public:
  auth_impl(caf::actor_config& cfg, const std::shared_ptr<loop_unit>& unit,
            const tutti::config& settings, http_actor http, logger log,
            std::shared_ptr<telemetry> life)
      : resident_base(cfg, unit),
        bot_(make_login_account(system(), unit, settings.bot.username, wire::principal::bot,
                                settings.bot, "bot")),
        app_(make_login_account(system(), unit, settings.app.id, wire::principal::app, settings.app,
                                "app")),
        common_jwt_(settings.common_jwt.enabled), http_(std::move(http)), log_(std::move(log)),
        telemetry_(std::move(life)), logins_(settings.app.max_sessions),
        callers_(settings.app.max_sessions) {}

  const char* name() const override { return "tutti.auth"; }

protected:
  behavior_type make_behavior() override {
    await_demand();
    return {
        [this](const whoami& question) { return on_whoami(question); },
        [this](identify_user& question) { return on_identify(question); },
        [this](tick) { renewals_.on_tick(this, now(), [this](auto) { renew(); }); },
    };
  }

  void on_exit() override {
    for (auto& each : callers_.end())
      each.deliver(to_error(ending()));
    for (auto* each : {&bot_.prover, &app_.prover})
      if (*each) {
        caf::anon_send_exit(*each, caf::exit_reason::user_shutdown);
        *each = nullptr;
      }
    http_ = nullptr;
  }

private:
  using answer = caf::typed_response_promise<caller_info>;
  using callers = caller_look_ups<answer>;

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
    if (account_of(as).name.empty())
      return send(http_, refuse_session{as, as.is_bot() ? no_bot() : no_app(to_string(as))});
    auto [then, current, why] = logins_.on_demand(as, wanted.rejected, wanted.keys, now());
    switch (then) {
    case logins::action::lease:
      return send(http_, lease_session{as, std::move(current)});
    case logins::action::refuse:
      return send(http_, refuse_session{as, std::move(why)});
    case logins::action::log_in:
      return log_in(as);
    case logins::action::get_keys:
      return get_keys(current);
    case logins::action::wait:
      return;
    }
  }

  /// Whose proof that identity logs in with.
  const login_account& account_of(const identity& as) const { return as.is_bot() ? bot_ : app_; }

  static failure no_bot() {
    return {errc::unauthorized,
            "there is no bot to act as; set bot.username and bot.privateKey.path, or act on "
            "behalf of a user",
            0, no_bot_code};
  }

  static failure no_app(const std::string& user) {
    return {errc::unauthorized,
            "no session on behalf of user " + user +
                ": this bot has no app to act with; set app.appId and app.privateKey.path",
            0, "obo"};
  }

  void log_in(const identity& as) {
    with_proof(
        account_of(as), as.is_bot() || as.is_app(),
        [this, as](const login_proof& proof) { authenticate(as, login_call(as, proof)); },
        [this, as](const failure& why) { login_failed(as, why); });
  }

  /// Calls `act` with the account's proof, `fail` when it has none. Who acts in the app's session
  /// needs only its certificate.
  template <class Act, class Fail>
  void with_proof(const login_account& whose, bool itself, Act act, Fail fail) {
    if (!itself && whose.how == wire::login_by::key) {
      login_proof none;
      return act(none);
    }
    request(whose.prover, caf::infinite, prove_login{})
        .then(std::move(act),
              [fail = std::move(fail)](const caf::error& why) { fail(to_failure(why)); });
  }

  http_call login_call(const identity& as, const login_proof& proof) const {
    if (as.is_bot() || as.is_app())
      return account_of(as).login(as, proof);
    return app_.login_of_user(wire::login_user(as.user(), app_.how), proof);
  }

  void authenticate(const identity& as, http_call&& call) {
    request(http_, caf::infinite, std::move(call))
        .then(
            [this, as](const http_response& response) {
              auto given = read(as, response);
              if (!given)
                return login_failed(as, given.error());
              if (!as.is_bot() || !common_jwt_)
                return logged_in(as, session{given->reveal()});
              auto lifetime = wire::jwt_lifetime(*given, std::chrono::system_clock::now());
              if (given->authorization().empty() ||
                  lifetime.value_or(std::chrono::seconds{1}) <= std::chrono::seconds{0})
                return fetch_jwt(*given); // The pod gives none at the login.
              plan_renewal(renewal_.received(lifetime.value_or(std::chrono::seconds{0}), now()));
              logged_in(as, *given);
            },
            [this, as](const caf::error& why) {
              login_failed(as, as.is_bot() || as.is_app()
                                   ? to_failure(why)
                                   : wire::refused_user(to_failure(why), to_string(as)));
            });
  }

  result<session> read(const identity& as, const http_response& response) const {
    if (as.is_bot() || as.is_app())
      return account_of(as).read(response);
    return wire::read_user_login(response, to_string(as));
  }

  // -- key manager ----------------------------------------------------------------

  /// The bot's, for a session that is good.
  void get_keys(const session& current) {
    with_proof(
        bot_, true,
        [this, current](const login_proof& proof) {
          request(http_, caf::infinite, bot_.key_manager_login(proof))
              .then(
                  [this, current](const http_response& response) {
                    auto keys = bot_.read_keys(response);
                    if (!keys)
                      return login_failed({}, keys.error());
                    got_keys(current.with_keys(keys->reveal()));
                  },
                  [this](const caf::error& why) { login_failed({}, to_failure(why)); });
        },
        [this](const failure& why) { login_failed({}, why); });
  }

  void got_keys(const session& with) {
    logins_.succeeded({}, with, now());
    log_.info("keys_received", {{"as", bot_.name}});
    telemetry_->board.logged_in();
    send(http_, lease_session{{}, with});
  }

  // -- common JWT of the bot ----------------------------------------------------

  void fetch_jwt(const session& current) {
    http_call call;
    call.authorized = false;
    call.request = wire::common_jwt(current);
    request(http_, caf::infinite, std::move(call))
        .then(
            [this, current](const http_response& response) {
              auto fresh = wire::read_common_jwt(response, current);
              if (!fresh)
                return jwt_failed(fresh.error());
              plan_renewal(renewal_.received(fresh->lifetime, now()));
              logged_in({}, fresh->current);
            },
            [this](const caf::error& why) { jwt_failed(to_failure(why)); });
  }

  void jwt_failed(const failure& why) {
    const auto in_use = logins_.current({}, now()) != nullptr;
    const auto [then, again] = renewal_.failed(why, in_use, now());
    switch (then) {
    case jwt_renewal::action::log_in:
      logins_.start_over({});
      return log_in({});
    case jwt_renewal::action::fail:
      return login_failed({}, why);
    case jwt_renewal::action::keep: // A 401 to a call would lead here again.
      logins_.not_renewed({});
      log_.warn("jwt_not_renewed", {{"why", to_string(why)}});
      return plan_renewal(again);
    }
  }

  void plan_renewal(std::optional<timer_wheel::time_point> due) {
    if (planned_)
      renewals_.remove(std::exchange(planned_, 0));
    if (due)
      planned_ = renewals_.keep(this, *due, 0);
  }

  void renew() {
    planned_ = 0;
    if (const auto* known = logins_.renew({}, now()))
      fetch_jwt(*known);
  }

  // -- how logins end -------------------------------------------------------------

  void logged_in(const identity& as, const session& given) {
    logins_.succeeded(as, given, now());
    log_.info("logged_in", {{"as", words(as)}});
    telemetry_->logins.add();
    if (as.is_bot())
      telemetry_->board.logged_in();
    else if (as.is_app())
      telemetry_->board.clear(app_trouble);
    send(http_, lease_session{as, given});
  }

  void login_failed(const identity& as, const failure& why) {
    logins_.failed(as, why, now());
    if (why.error == errc::shutting_down)
      return send(http_, refuse_session{as, why});
    log_.error("login_failed", {{"as", words(as)}, {"why", to_string(why)}});
    telemetry_->logins_failed.add();
    if (as.is_bot())
      telemetry_->board.raise(login_trouble, to_string(why));
    else if (as.is_app())
      telemetry_->board.raise(app_trouble, to_string(why));
    send(http_, refuse_session{as, why});
  }

  std::string words(const identity& as) const {
    if (as.is_bot())
      return bot_.name;
    return as.is_app() ? "app " + app_.name : "user " + to_string(as);
  }

  // -- who the caller is ------------------------------------------------------

  answer on_whoami(const whoami& question) {
    auto promise = make_response_promise<answer>();
    if (!question.as.is_bot())
      promise.deliver(caller_info{question.as.user(), {}, {}});
    else if (wait_for(std::nullopt, promise))
      look_up_bot();
    return promise;
  }

  answer on_identify(const identify_user& question) {
    auto promise = make_response_promise<answer>();
    const auto& name = question.username;
    if (app_.name.empty())
      promise.deliver(to_error(no_app(name)));
    else if (wait_for(name, promise))
      log_in_by_name(name);
    return promise;
  }

  /// Whether the pod has to be asked for it.
  bool wait_for(const callers::name& whom, answer& promise) {
    auto [then, known] = callers_.ask(whom, promise, now());
    if (then == callers::action::answer)
      promise.deliver(*known);
    return then == callers::action::look_up;
  }

  void looked_up(const callers::name& whom, const result<caller_info>& found) {
    if (found)
      callers_.found(whom, *found, now() + logins::session_lifetime);
    for (auto& each : callers_.end(whom)) {
      if (found)
        each.deliver(*found);
      else
        each.deliver(to_error(found.error()));
    }
  }

  void look_up_bot() {
    http_call call;
    call.request = wire::session_info();
    request(http_, caf::infinite, std::move(call))
        .then(
            [this](const http_response& response) {
              looked_up(std::nullopt, wire::read_session_info(response));
            },
            [this](const caf::error& why) { looked_up(std::nullopt, to_failure(why)); });
  }

  void log_in_by_name(const std::string& name) {
    with_proof(
        app_, false,
        [this, name](const login_proof& proof) {
          request(http_, caf::infinite, app_.login_of_user(wire::login_user(name, app_.how), proof))
              .then(
                  [this, name](const http_response& response) {
                    auto given = wire::read_user_login(response, name);
                    if (!given)
                      return looked_up(name, given.error());
                    look_up_user(name, session{given->reveal()});
                  },
                  [this, name](const caf::error& why) {
                    looked_up(name, wire::refused_user(to_failure(why), name));
                  });
        },
        [this, name](const failure& why) { looked_up(name, why); });
  }

  /// Whose session that is, asked in that very session.
  void look_up_user(const std::string& name, const session& given) {
    http_call call;
    call.authorized = false;
    call.request = wire::session_info();
    call.request.headers = wire::session_header(given);
    request(http_, caf::infinite, std::move(call))
        .then(
            [this, name, given](const http_response& response) {
              auto found = wire::read_session_info(response);
              if (!found)
                return looked_up(name, with_permission(found.error(), identity::of_app(),
                                                       "GET_BASIC_USER_INFO"));
              auto as = identity::on_behalf_of(found->id);
              if (!logins_.under_way(as))
                logged_in(as, given);
              looked_up(name, found);
            },
            [this, name](const caf::error& why) { looked_up(name, to_failure(why)); });
  }

  login_account bot_;
  login_account app_;
  bool common_jwt_;
  http_actor http_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  logins logins_;
  callers callers_;
  jwt_renewal renewal_;
  ticking_timers renewals_;
  /// 0: none is planned.
  timer_wheel::token planned_ = 0;
};

} // namespace

auth_actor spawn_auth(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const config& settings, http_actor http, const logger& log,
                      std::shared_ptr<telemetry> life) {
  return spawn_resident<auth_impl>(system, unit, settings, std::move(http), log, std::move(life));
}

} // namespace tutti
