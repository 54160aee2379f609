// core_supervisor: watches the core, restarts it once after a crash, and reports when it cannot go
// on.
#pragma once

#include <actors/telemetry/telemetry.hpp>

#include <tutti/core.hpp>
#include <tutti/log.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <functional>
#include <memory>

namespace tutti {

/// What the supervisor needs of the bot. All of it is called on the supervisor's thread.
struct supervised_core {
  /// The core to watch at first.
  core handles;
  /// Makes another one; may throw.
  std::function<core()> make;
  /// The new one is to be used from now on.
  std::function<void(const core&)> use;
  /// It has crashed once more than is allowed.
  std::function<void(const failure&)> give_up;
};

/// An actor of the core that ends otherwise than by `user_shutdown` has crashed: the others are
/// ended, so that all askers hear of it, and a new core is made. The second time it gives up.
caf::actor spawn_core_supervisor(caf::actor_system& system, supervised_core what, const logger& log,
                                 std::shared_ptr<telemetry> life);

} // namespace tutti
