// One actor for all calls from outside: no actor is made for a question.
#include <actors/bridge/ask_bridge.hpp>

#include <actors/loop/resident.hpp>
#include <actors/requests/tick.hpp>

#include <cstdint>
#include <string>
#include <unordered_map>

namespace tutti {

namespace {

class asker_impl final : public on_loop<caf::event_based_actor> {
public:
  asker_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
             std::chrono::milliseconds patience, std::shared_ptr<telemetry> life)
      : on_loop(cfg, std::move(unit)), patience_(patience), telemetry_(std::move(life)) {}

  const char* name() const override { return "tutti.asker"; }

protected:
  caf::behavior make_behavior() override {
    return {
        [this](launch_call& wanted) { on_launch(wanted.what->take()); },
        [this](drop_call unwanted) { on_drop(unwanted.which); },
        [this](tick) {
          deadlines_.on_tick(this, now(), [this](std::uint64_t id) { on_deadline(id); });
        },
    };
  }

  void on_exit() override {
    auto why = ending();
    for (auto& [id, each] : std::exchange(calls_, {}))
      each.call->fail(why);
  }

private:
  struct flight {
    std::shared_ptr<detail::flying_call> call;
    timer_wheel::token deadline = 0;
  };

  void on_launch(std::shared_ptr<detail::flying_call> call) {
    auto id = ++last_;
    auto& made = calls_[id];
    made.call = call;
    ids_[call.get()] = id;
    made.deadline = deadlines_.keep(this, due_time(now(), call->patience, patience_), id);
    call->fly(this, [this, id] { forget(id); });
  }

  void on_drop(const detail::flying_call* which) {
    if (auto found = ids_.find(which); found != ids_.end())
      give_up(found->second, {errc::cancelled, "the asker took the question back", 0, {}});
  }

  void on_deadline(std::uint64_t id) {
    give_up(id, {errc::deadline_exceeded,
                 "no answer within the time given" + telemetry_->board.words(),
                 0,
                 {}});
  }

  void give_up(std::uint64_t id, const failure& why) {
    auto found = calls_.find(id);
    if (found == calls_.end())
      return;
    auto call = found->second.call;
    forget(id);
    call->take_back(this);
    call->fail(why);
  }

  void forget(std::uint64_t id) {
    auto found = calls_.find(id);
    if (found == calls_.end())
      return;
    deadlines_.remove(found->second.deadline);
    ids_.erase(found->second.call.get());
    calls_.erase(found);
  }

  std::chrono::milliseconds patience_;
  std::shared_ptr<telemetry> telemetry_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, flight> calls_;
  std::unordered_map<const detail::flying_call*, std::uint64_t> ids_;
  ticking_timers deadlines_;
};

} // namespace

caf::actor spawn_ask_bridge(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                            std::chrono::milliseconds patience, std::shared_ptr<telemetry> life) {
  return spawn_resident<asker_impl>(system, unit, patience, std::move(life));
}

} // namespace tutti
