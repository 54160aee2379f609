// auth: one login at a time for each identity, its session lent to http, and who callers are.
#include <actors/auth/auth.hpp>

#include <actors/auth/login_account.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/tick.hpp>
#include <base/containers/clock_cache.hpp>
#include <wire/endpoints.hpp>

#include <caf/send.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace tutti {

namespace {

/// For so long a refused login is not tried again.
constexpr std::chrono::seconds refusal_stands{5};

/// The longest a session can last (Symphony: 1 hour to 2 weeks).
constexpr std::chrono::hours session_lifetime{14 * 24};

/// A common JWT counts as good for so long at least.
constexpr std::chrono::seconds shortest_jwt{10};

/// How the board calls the trouble of an app that cannot log in.
constexpr const char* app_trouble = "login of the app";

using resident_base = resident<auth_actor::extend<caf::reacts_to<tick>>>;

class auth_impl final : public resident_base {
public:
  auth_impl(caf::actor_config& cfg, const std::shared_ptr<loop_unit>& unit,
            const tutti::config& settings, http_actor http, logger log,
            std::shared_ptr<telemetry> life)
      : resident_base(cfg, unit), bot_(make_account(system(), unit, settings.bot.username,
                                                    wire::account::bot, settings.bot, "bot")),
        app_(
            make_account(system(), unit, settings.app.id, wire::account::app, settings.app, "app")),
        common_jwt_(settings.common_jwt.enabled), http_(std::move(http)), log_(std::move(log)),
        telemetry_(std::move(life)), sessions_(settings.app.max_sessions + 2),
        refused_(settings.app.max_sessions + 2), names_(settings.app.max_sessions) {}

  const char* name() const override { return "tutti.auth"; }

protected:
  behavior_type make_behavior() override {
    await_demand();
    return {
        [this](const whoami& question) { return on_whoami(question); },
        [this](identify_user& question) { return on_identify(question); },
        [this](tick) { refreshes_.on_tick(this, now(), [this](auto) { refresh(); }); },
    };
  }

  void on_exit() override {
    answer_all(ending());
    while (!identifying_.empty())
      identified(identifying_.begin()->first, ending());
    for (auto* each : {&bot_.prover, &app_.prover})
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
    if (account_of(as).name.empty())
      return send(http_, refuse_session{as, as.is_bot() ? no_bot() : no_app(to_string(as))});
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

  /// Whose proof that identity logs in with.
  const account& account_of(const identity& as) const { return as.is_bot() ? bot_ : app_; }

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
    sessions_.erase(as);
    with_proof(
        account_of(as), as.is_bot() || as.is_app(),
        [this, as](const login_proof& proof) { authenticate(as, login_call(as, proof)); },
        [this, as](const failure& why) { login_failed(as, why); });
  }

  /// Calls `act` with the account's proof, `fail` when it has none. Who acts in the app's session
  /// needs only its certificate.
  template <class Act, class Fail>
  void with_proof(const account& whose, bool itself, Act act, Fail fail) {
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
              refresh_after(lifetime.value_or(std::chrono::seconds{0}));
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
              refresh_after(fresh->lifetime);
              logged_in({}, fresh->current);
            },
            [this](const caf::error& why) { jwt_failed(to_failure(why)); });
  }

  /// A session that has ended is had anew. Of anything else the calls tell: the old JWT serves as
  /// long as it is good, and a 401 brings us here again.
  void jwt_failed(const failure& why) {
    if (why.error == errc::unauthorized && sessions_.find({}, now()))
      return log_in({});
    if (!sessions_.find({}, now()) || now() >= jwt_until_)
      return login_failed({}, why);
    under_way_.erase(identity{});
    log_.warn("jwt_not_renewed", {{"why", to_string(why)}});
    auto soon = std::max<deadlines::time_point::duration>((jwt_until_ - now()) / 3,
                                                          std::chrono::seconds{1});
    refreshing_ = refreshes_.keep(this, now() + soon, 0);
  }

  /// The JWT is good for so long; another is had in time.
  void refresh_after(std::chrono::seconds lifetime) {
    if (refreshing_)
      refreshes_.remove(std::exchange(refreshing_, 0));
    if (lifetime <= std::chrono::seconds{0})
      return;
    // Never at the speed of the network, whatever the pod says.
    auto good = std::clamp<std::chrono::seconds>(lifetime, shortest_jwt, session_lifetime);
    jwt_until_ = now() + good;
    refreshing_ = refreshes_.keep(this, now() + good * 9 / 10, 0);
  }

  void refresh() {
    refreshing_ = 0;
    const auto* known = sessions_.find({}, now());
    if (known && under_way_.insert(identity{}).second)
      fetch_jwt(*known);
  }

  // -- how logins end -------------------------------------------------------------

  void logged_in(const identity& as, const session& given) {
    under_way_.erase(as);
    refused_.erase(as);
    sessions_.put(as, given, now() + session_lifetime);
    log_.info("logged_in", {{"as", words(as)}});
    telemetry_->logins.add();
    if (as.is_bot())
      telemetry_->board.logged_in();
    else if (as.is_app())
      telemetry_->board.clear(app_trouble);
    send(http_, lease_session{as, given});
  }

  void login_failed(const identity& as, const failure& why) {
    under_way_.erase(as);
    if (why.error == errc::shutting_down)
      return send(http_, refuse_session{as, why});
    auto of_user = !as.is_bot() && !as.is_app() &&
                   (why.error == errc::unauthorized || why.error == errc::unknown_user);
    if (why.error == errc::login_refused || why.code == "obo" || of_user)
      refused_.put(as, why, now() + refusal_stands);
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

  // -- users by name ------------------------------------------------------------

  answer on_identify(identify_user& question) {
    auto promise = make_response_promise<answer>();
    const auto& name = question.username;
    if (app_.name.empty()) {
      promise.deliver(to_error(no_app(name)));
    } else if (const auto* known = names_.find(name, now())) {
      promise.deliver(*known);
    } else {
      auto& askers = identifying_[name];
      askers.push_back(promise);
      if (askers.size() == 1)
        log_in_by_name(name);
    }
    return promise;
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
                      return identified(name, given.error());
                    look_up_user(name, session{given->reveal()});
                  },
                  [this, name](const caf::error& why) {
                    identified(name, wire::refused_user(to_failure(why), name));
                  });
        },
        [this, name](const failure& why) { identified(name, why); });
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
                return identified(name, with_permission(found.error(), identity::of_app(),
                                                        "GET_BASIC_USER_INFO"));
              auto as = identity::on_behalf_of(found->id);
              if (!under_way_.contains(as))
                logged_in(as, given);
              names_.put(name, *found, now() + session_lifetime);
              identified(name, found);
            },
            [this, name](const caf::error& why) { identified(name, to_failure(why)); });
  }

  void identified(const std::string& name, const result<caller_info>& found) {
    auto askers = identifying_.extract(name);
    if (askers.empty())
      return;
    for (auto& each : askers.mapped()) {
      if (found)
        each.deliver(*found);
      else
        each.deliver(to_error(found.error()));
    }
  }

  account bot_;
  account app_;
  bool common_jwt_;
  http_actor http_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  clock_cache<identity, session> sessions_;
  /// Who is being logged in.
  std::unordered_set<identity> under_way_;
  /// The last refusals, as long as they are the answer.
  clock_cache<identity, failure> refused_;
  std::optional<caller_info> caller_;
  std::vector<answer> asking_;
  /// Users by the name their session was asked for.
  clock_cache<std::string, caller_info> names_;
  std::map<std::string, std::vector<answer>> identifying_;
  ticking_deadlines refreshes_;
  /// 0: none is planned.
  deadlines::token refreshing_ = 0;
  /// When the JWT in use ends.
  deadlines::time_point jwt_until_;
};

} // namespace

auth_actor spawn_auth(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const config& settings, http_actor http, const logger& log,
                      std::shared_ptr<telemetry> life) {
  return spawn_resident<auth_impl>(system, unit, settings, std::move(http), log, std::move(life));
}

} // namespace tutti
