// ask_bridge: asks the core for those who are no actors, and keeps their deadlines.
#pragma once

#include <actors/loop/unit.hpp>
#include <actors/telemetry/telemetry.hpp>

#include <tutti/ask.hpp>

#include <caf/actor.hpp>

#include <chrono>
#include <memory>

namespace tutti {

/// A call on its way to the asker; one that never gets there fails.
class launch {
public:
  explicit launch(std::shared_ptr<detail::flying_call> call) : call_(std::move(call)) {}
  launch(const launch&) = delete;
  launch& operator=(const launch&) = delete;
  ~launch() {
    if (call_)
      call_->fail({errc::shutting_down, "the bot is stopping", 0, {}});
  }

  std::shared_ptr<detail::flying_call> take() { return std::move(call_); }

private:
  std::shared_ptr<detail::flying_call> call_;
};

/// Tell: ask this.
struct launch_call {
  std::shared_ptr<launch> what;
};

/// Tell: the answer is not wanted any more.
struct drop_call {
  const detail::flying_call* which = nullptr;
};

/// `patience`: the deadline of a call that brings none. `life` holds the current troubles.
caf::actor spawn_ask_bridge(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                            std::chrono::milliseconds patience, std::shared_ptr<telemetry> life);

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::launch_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::drop_call)
