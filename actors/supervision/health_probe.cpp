// Two loops, each with one question under way at most.
#include <actors/supervision/health_probe.hpp>

#include <wire/endpoints.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/meta/type_name.hpp>

#include <algorithm>

namespace tutti {

namespace {

/// The board has changed.
struct look {};
/// It is time to ask the lost host number `host`.
struct reach {
  std::size_t host = 0;
};
struct try_login {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, look&) {
  return f(caf::meta::type_name("look"));
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, reach& x) {
  return f(caf::meta::type_name("reach"), x.host);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, try_login&) {
  return f(caf::meta::type_name("try_login"));
}

constexpr std::chrono::milliseconds longest_probe_pause{60'000};

class health_probe_impl final : public caf::event_based_actor {
public:
  health_probe_impl(caf::actor_config& cfg, core handles, std::chrono::milliseconds interval,
                    std::shared_ptr<telemetry> life)
      : caf::event_based_actor(cfg), core_(std::move(handles)), interval_(interval),
        telemetry_(std::move(life)), pause_(interval) {}

  const char* name() const override { return "tutti.health_probe"; }

protected:
  caf::behavior make_behavior() override {
    auto self = caf::actor_cast<caf::weak_actor_ptr>(this);
    telemetry_->board.listen([self] {
      if (auto strong = self.lock())
        caf::anon_send(caf::actor_cast<caf::actor>(strong), look{});
    });
    log_in();
    return {
        [this](look) { on_look(); },
        [this](reach what) { on_reach(what.host); },
        [this](try_login) {
          login_planned_ = false;
          log_in();
        },
    };
  }

  // The board goes on knowing us until another probe takes our place: it may have done so already.
  void on_exit() override { core_ = {}; }

private:
  // -- the login ----------------------------------------------------------------

  /// The first time through whoami, which a replaced auth actor answers as well; later by a call
  /// that needs a session.
  void log_in() {
    if (std::exchange(logging_in_, true))
      return;
    auto good = [this] {
      logging_in_ = false;
      pause_ = interval_;
      known_ = true;
      telemetry_->board.logged_in();
    };
    auto bad = [this](const caf::error&) {
      logging_in_ = false;
      plan_login();
    };
    if (!known_)
      return request(core_.auth, caf::infinite, whoami{})
          .then([good](const caller_info&) { good(); }, bad);
    http_call call;
    call.request = wire::session_info();
    request(core_.http, caf::infinite, std::move(call))
        .then([good](const http_response&) { good(); }, bad);
  }

  void plan_login() {
    if (std::exchange(login_planned_, true))
      return;
    delayed_send(this, pause_, try_login{});
    pause_ = std::min(2 * pause_, longest_probe_pause);
  }

  // -- lost hosts ------------------------------------------------------------------

  void on_look() {
    bool lost = false;
    for (std::size_t host = 0; host < telemetry_->hosts.size(); ++host) {
      if (telemetry_->hosts[host].lost.now() == 0)
        continue;
      lost = true;
      if (!std::exchange(asking_[host], true))
        delayed_send(this, interval_, reach{host});
    }
    auto seen = telemetry_->board.look();
    if (!lost && std::any_of(seen.troubles.begin(), seen.troubles.end(),
                             [](const trouble& each) { return each.what == login_trouble; }))
      plan_login();
  }

  /// Any answer will do, a refusal included: http notices and clears the trouble.
  void on_reach(std::size_t host) {
    if (telemetry_->hosts[host].lost.now() == 0) {
      asking_[host] = false;
      // It is back: no need to wait as long as before. The session is looked at, too: a pod that
      // was restarted may not take the bot any more.
      pause_ = interval_;
      return log_in();
    }
    http_call call;
    call.to = static_cast<service>(host);
    call.authorized = false;
    call.request = wire::session_info();
    call.request.repeat_safe = false; // We are the repetition.
    call.timeout = std::max<std::chrono::milliseconds>(interval_, std::chrono::seconds{1});
    auto again = [this, host] { delayed_send(this, interval_, reach{host}); };
    request(core_.http, caf::infinite, std::move(call))
        .then([again](const http_response&) { again(); }, [again](const caf::error&) { again(); });
  }

  core core_;
  std::chrono::milliseconds interval_;
  std::shared_ptr<telemetry> telemetry_;
  std::chrono::milliseconds pause_;
  bool known_ = false;
  bool logging_in_ = false;
  bool login_planned_ = false;
  std::array<bool, service_count> asking_{};
};

} // namespace

caf::actor spawn_health_probe(caf::actor_system& system, const core& handles,
                              std::chrono::milliseconds interval, std::shared_ptr<telemetry> life) {
  return caf::actor_cast<caf::actor>(
      system.spawn<health_probe_impl>(handles, interval, std::move(life)));
}

} // namespace tutti
