// The front door of actors/: the core, and the actors that look after it.
#pragma once

#include <actors/bridge/ask_bridge.hpp>
#include <actors/bridge/jobs.hpp>
#include <actors/directory/directory.hpp>
#include <actors/directory/directory_keeper.hpp>
#include <actors/loop/unit.hpp>
#include <actors/metrics.hpp>
#include <actors/requests/drain.hpp>
#include <actors/supervision/actor_supervisor.hpp>
#include <actors/supervision/core_supervisor.hpp>
#include <actors/supervision/health_probe.hpp>
#include <actors/telemetry/telemetry.hpp>
#include <transport/client.hpp>

#include <tutti/core.hpp>
#include <tutti/wall_clock.hpp>

#include <cstdint>
#include <memory>
#include <random>

namespace tutti {

/// What the core lives on.
struct core_ground {
  caf::actor_system& system;
  /// Where residents run; null for CAF's scheduler, as in tests.
  std::shared_ptr<loop_unit> unit;
  std::unique_ptr<transport::client> transport;
  std::shared_ptr<directory> known;
  std::shared_ptr<telemetry> life = std::make_shared<telemetry>();
  /// Of what is left to chance: waits and trace ids.
  std::uint64_t seed = std::random_device{}();
  /// What events are handed to; null for a bot that hears nothing.
  std::shared_ptr<event_listener> listener{};
  std::shared_ptr<event_store> journal = make_memory_store();
  wall_clock wall = std::chrono::system_clock::now;
};

/// Spawns the core bottom up into `made`, each actor with the handles below it. Throws what a
/// replacement throws; those made by then stand in `made`, to be ended.
void spawn_core(core& made, core_ground ground, const config& settings,
                const core_factories& replacements, const logger& log);

} // namespace tutti
