// apps: tokens by way of the store, users by way of the pod's certificate.
#include <actors/apps/apps.hpp>

#include <actors/auth/login_account.hpp>
#include <actors/loop/resident.hpp>
#include <base/containers/clock_cache.hpp>
#include <base/containers/slab.hpp>
#include <base/crypto/signature.hpp>
#include <wire/endpoints.hpp>

#include <caf/send.hpp>
#include <caf/typed_response_promise.hpp>

#include <utility>
#include <vector>

namespace tutti {

namespace {

class store_impl final : public resident<app_token_store> {
public:
  store_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit)
      : resident<app_token_store>(cfg, std::move(unit)) {}

  const char* name() const override { return "tutti.app_tokens"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](keep_app_tokens& asked) {
          auto left = asked.what.expires - std::chrono::system_clock::now();
          auto until = now() + std::chrono::duration_cast<std::chrono::milliseconds>(left);
          auto key = asked.what.app_token;
          kept_.put(key, std::move(asked.what), until);
          return app_tokens_kept{};
        },
        [this](const find_app_tokens& asked) {
          const auto* found = kept_.find(asked.app_token, now());
          return app_tokens_found{found ? *found : app_tokens{}};
        },
    };
  }

  void on_exit() override {}

private:
  clock_cache<std::string, app_tokens> kept_{10'000};
};

class apps_impl final : public resident<apps_actor> {
public:
  apps_impl(caf::actor_config& cfg, const std::shared_ptr<loop_unit>& unit,
            const tutti::config& settings, http_actor http, app_token_store tokens)
      : resident<apps_actor>(cfg, unit),
        app_(make_login_account(system(), unit, settings.app.id, wire::principal::app, settings.app,
                                "app")),
        http_(std::move(http)), tokens_(std::move(tokens)) {}

  const char* name() const override { return "tutti.apps"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](trust_app& asked) { return on_trust(std::move(asked.app_token)); },
        [this](const check_app_tokens& asked) { return on_check_tokens(asked); },
        [this](check_app_jwt& asked) { return on_check_jwt(std::move(asked.jwt)); },
    };
  }

  void on_exit() override {
    auto why = to_error(ending());
    for (auto id : trusting_.ids())
      trusting_.take(id)->deliver(why);
    for (auto id : checking_.ids())
      checking_.take(id)->deliver(why);
    for (auto& each : std::exchange(waiting_, {}))
      each.promise.deliver(why);
    if (app_.prover)
      caf::anon_send_exit(app_.prover, caf::exit_reason::user_shutdown);
    app_ = {};
    http_ = nullptr;
    tokens_ = nullptr;
  }

private:
  // -- circle of trust ------------------------------------------------------------

  using trust_promise = caf::typed_response_promise<app_tokens>;
  using check_promise = caf::typed_response_promise<app_tokens_checked>;
  using user_promise = caf::typed_response_promise<app_user>;

  static failure no_app() {
    return {errc::unauthorized, "this bot has no app: set app.appId and app.privateKey.path", 0,
            "no_app"};
  }

  trust_promise on_trust(std::string app_token) {
    auto promise = make_response_promise<trust_promise>();
    if (app_.name.empty()) {
      promise.deliver(to_error(no_app()));
      return promise;
    }
    if (app_token.empty())
      app_token = crypto::random_token();
    auto id = trusting_.insert(promise);
    request(app_.prover, caf::infinite, prove_login{})
        .then([this, id, app_token](const login_proof& proof) { ask_pod(id, app_token, proof); },
              [this, id](const caf::error& why) { not_trusted(id, to_failure(why)); });
    return promise;
  }

  void ask_pod(std::uint64_t id, const std::string& app_token, const login_proof& proof) {
    http_call call;
    call.to = wire::login_host(app_.how);
    call.authorized = false;
    call.as = identity::of_app();
    call.request = app_.how == wire::login_by::key ? wire::trust_app(app_token, proof.jwt)
                                                   : wire::trust_app(app_token);
    call.certificate = proof.certificate;
    request(http_, caf::infinite, std::move(call))
        .then(
            [this, id](const http_response& response) {
              auto given = wire::read_app_tokens(response, std::chrono::system_clock::now());
              if (!given)
                return not_trusted(id, given.error());
              keep(id, std::move(*given));
            },
            [this, id](const caf::error& why) { not_trusted(id, to_failure(why)); });
  }

  void keep(std::uint64_t id, app_tokens given) {
    request(tokens_, store_patience, keep_app_tokens{given})
        .then(
            [this, id, given](const app_tokens_kept&) {
              if (auto promise = trusting_.take(id))
                promise->deliver(given);
            },
            [this, id](const caf::error& why) { not_trusted(id, to_failure(why)); });
  }

  void not_trusted(std::uint64_t id, const failure& why) {
    if (auto promise = trusting_.take(id))
      promise->deliver(to_error(why));
  }

  check_promise on_check_tokens(const check_app_tokens& asked) {
    auto promise = make_response_promise<check_promise>();
    auto id = checking_.insert(promise);
    request(tokens_, store_patience, find_app_tokens{asked.app_token})
        .then(
            [this, id, asked](const app_tokens_found& found) {
              auto valid = found.what.expires > std::chrono::system_clock::now() &&
                           crypto::same_secret(found.what.symphony_token, asked.symphony_token);
              if (auto asker = checking_.take(id))
                asker->deliver(app_tokens_checked{valid});
            },
            [this, id](const caf::error& why) {
              if (auto asker = checking_.take(id))
                asker->deliver(to_error(to_failure(why)));
            });
    return promise;
  }

  // -- JWTs -------------------------------------------------------------------------

  /// A JWT whose check waits for the pod's certificate.
  struct unchecked {
    std::string jwt;
    user_promise promise;
  };

  user_promise on_check_jwt(std::string jwt) {
    auto promise = make_response_promise<user_promise>();
    if (app_.name.empty()) {
      promise.deliver(to_error(no_app()));
      return promise;
    }
    if (!certificate_.empty() && now() < certificate_until_) { // Kept for an hour.
      auto user = read(jwt);
      // Another certificate might know it; the pod is not asked for it each time.
      if (user || user.error().code != "app_jwt_signature" || now() < fetch_again_from_) {
        settle(promise, user);
        return promise;
      }
    }
    waiting_.push_back({std::move(jwt), promise});
    if (waiting_.size() == 1)
      fetch_certificate();
    return promise;
  }

  result<app_user> read(const std::string& jwt) const {
    return wire::read_app_jwt(jwt, certificate_, app_.name, std::chrono::system_clock::now());
  }

  static void settle(user_promise& promise, const result<app_user>& user) {
    if (user)
      promise.deliver(*user);
    else
      promise.deliver(to_error(user.error()));
  }

  void fetch_certificate() {
    http_call call;
    call.authorized = false;
    call.request = wire::pod_certificate();
    request(http_, caf::infinite, std::move(call))
        .then([this](
                  const http_response& response) { fetched(wire::read_pod_certificate(response)); },
              [this](const caf::error& why) { fetched(to_failure(why)); });
  }

  void fetched(const result<std::string>& certificate) {
    if (certificate) {
      certificate_ = *certificate;
      certificate_until_ = now() + std::chrono::hours{1};
      fetch_again_from_ = now() + std::chrono::minutes{1};
    }
    for (auto& each : std::exchange(waiting_, {}))
      settle(each.promise, certificate ? read(each.jwt) : certificate.error());
  }

  /// A token store written by the author of the bot may never answer.
  static constexpr std::chrono::seconds store_patience{10};

  login_account app_;
  http_actor http_;
  app_token_store tokens_;
  slab<trust_promise> trusting_;
  slab<check_promise> checking_;
  /// PEM; empty: not fetched yet.
  std::string certificate_;
  std::chrono::steady_clock::time_point certificate_until_;
  std::chrono::steady_clock::time_point fetch_again_from_;
  std::vector<unchecked> waiting_;
};

} // namespace

app_token_store spawn_app_token_store(caf::actor_system& system,
                                      const std::shared_ptr<loop_unit>& unit) {
  return spawn_resident<store_impl>(system, unit);
}

apps_actor spawn_apps(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const config& settings, http_actor http, app_token_store tokens) {
  return spawn_resident<apps_impl>(system, unit, settings, std::move(http), std::move(tokens));
}

} // namespace tutti
