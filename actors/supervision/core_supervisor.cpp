// Ends what is left before anything new is made: at no time are there two cores.
#include <actors/supervision/core_supervisor.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include <exception>
#include <set>
#include <tuple>

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
  void watch() {
    each([this](const char* name, const caf::actor& one) {
      names_[one.address()] = name;
      monitor(one);
    });
  }

  template <class Visit>
  void each(Visit&& visit) {
    each_core_member_top_down([&](const char* name, auto member) {
      if (const auto& handle = what_.handles.*member)
        visit(name, caf::actor_cast<caf::actor>(handle));
    });
  }

  void on_down(const caf::down_msg& down) {
    auto found = names_.find(down.source);
    if (found == names_.end())
      return;
    auto who = found->second;
    names_.erase(found);
    if (down.reason == caf::exit_reason::user_shutdown && !ending_)
      return; // The bot is stopping.
    if (!ending_)
      on_crash(who, to_failure(down.reason));
    if (names_.empty())
      on_all_gone();
  }

  void on_crash(const std::string& who, const failure& why) {
    ending_ = true;
    crash_ = {errc::internal, "the core's actor " + who + " has crashed: " + to_string(why), 0,
              "core"};
    log_.error("core_crashed", {{"actor", who}, {"why", to_string(why)}});
    telemetry_->board.raise(crashed_core_trouble, crash_.detail);
    each([this](const char*, const caf::actor& one) {
      if (names_.contains(one.address()))
        send_exit(one, to_error(crash_));
    });
  }

  void on_all_gone() {
    ending_ = false;
    what_.handles = {};
    if (restarted_)
      return give_up("the core has crashed again: " + crash_.detail);
    restarted_ = true;
    try {
      what_.handles = what_.make();
    } catch (const std::exception& error) {
      return give_up(std::string{"the core could not be made anew: "} + error.what());
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
  std::map<caf::actor_addr, std::string> names_;
  bool ending_ = false;
  bool restarted_ = false;
  failure crash_;
};

} // namespace

caf::actor spawn_core_supervisor(caf::actor_system& system, supervised_core what, const logger& log,
                                 std::shared_ptr<telemetry> life) {
  return caf::actor_cast<caf::actor>(
      system.spawn<core_supervisor_impl>(std::move(what), log, std::move(life)));
}

} // namespace tutti
