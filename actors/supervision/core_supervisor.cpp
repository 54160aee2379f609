// Ends what is left before anything new is made: at no time are there two cores.
#include <actors/supervision/core_supervisor.hpp>

#include <actors/supervision/core_keeper.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include <exception>
#include <string>

namespace tutti {

namespace {

class core_supervisor_impl final : public caf::event_based_actor {
public:
  core_supervisor_impl(caf::actor_config& cfg, supervised_core what, logger log,
                       std::shared_ptr<telemetry> life)
      : caf::event_based_actor(cfg), what_(std::move(what)), log_(std::move(log)),
        telemetry_(std::move(life)) {
    set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  }

  const char* name() const override { return "tutti.core_supervisor"; }

protected:
  caf::behavior make_behavior() override {
    watch();
    return {[](caf::unit_t) {}}; // It gets no messages; without a behavior it would end.
  }

  void on_exit() override { what_ = {}; }

private:
  using keeper = core_keeper<caf::actor_addr>;

  void watch() {
    each_core_member_top_down([this](const char* name, auto member) {
      if (const auto& handle = what_.handles.*member) {
        keeper_.watch(caf::actor_cast<caf::actor_addr>(handle), name);
        monitor(handle);
      }
    });
  }

  void on_down(const caf::down_msg& down) {
    const auto why = to_string(to_failure(down.reason));
    const auto [then, crashed] =
        keeper_.ended(down.source, down.reason == caf::exit_reason::user_shutdown, why);
    if (crashed) {
      log_.error("core_crashed", {{"actor", keeper_.actor()}, {"why", why}});
      telemetry_->board.raise(crashed_core_trouble, keeper_.crash());
    }
    switch (then) {
    case keeper::action::nothing:
      return;
    case keeper::action::end_rest:
      for (const auto& each : keeper_.rest())
        if (auto one = caf::actor_cast<caf::strong_actor_ptr>(each))
          send_exit(one, to_error({errc::internal, keeper_.crash(), 0, "core"}));
      return;
    case keeper::action::make:
      return make();
    case keeper::action::give_up:
      what_.handles = {};
      return give_up("the core has crashed again: " + keeper_.crash());
    }
  }

  void make() {
    what_.handles = {};
    try {
      what_.handles = what_.make();
    } catch (const std::exception& error) {
      return give_up(std::string{"the core could not be restarted: "} + error.what());
    }
    telemetry_->core_restarts.fetch_add(1, std::memory_order_relaxed);
    watch();
    what_.use(what_.handles);
    telemetry_->board.clear(crashed_core_trouble);
    log_.warn("core_restarted");
  }

  void give_up(const std::string& why) {
    auto last =
        failure{errc::internal,
                why + "; stop the bot and start it again, and report what the log says", 0, "core"};
    log_.error("core_given_up", {{"why", last.detail}});
    telemetry_->board.clear(crashed_core_trouble);
    telemetry_->board.raise(lost_core_trouble, last.detail);
    what_.give_up(last);
  }

  supervised_core what_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  keeper keeper_;
};

} // namespace

caf::actor spawn_core_supervisor(caf::actor_system& system, supervised_core what, const logger& log,
                                 std::shared_ptr<telemetry> life) {
  return caf::actor_cast<caf::actor>(
      system.spawn<core_supervisor_impl>(std::move(what), log, std::move(life)));
}

} // namespace tutti
