// The front door of actors/: the core, and the actors that look after it.
#pragma once

#include <actors/asker.hpp>
#include <actors/directory.hpp>
#include <actors/directory_keeper.hpp>
#include <actors/drain.hpp>
#include <actors/guard.hpp>
#include <actors/http/client.hpp>
#include <actors/jobs.hpp>
#include <actors/loop/unit.hpp>
#include <actors/numbers.hpp>
#include <actors/pulse.hpp>
#include <actors/supervisor.hpp>
#include <actors/vitals.hpp>

#include <tutti/core.hpp>

#include <cstdint>
#include <memory>
#include <random>

namespace tutti {

/// What the core lives on.
struct core_ground {
  caf::actor_system& system;
  /// Where residents run; null for CAF's scheduler, as in tests.
  std::shared_ptr<loop_unit> unit;
  std::unique_ptr<http::client> transport;
  std::shared_ptr<directory> known;
  std::shared_ptr<vitals> life = std::make_shared<vitals>();
  /// Of what is left to chance: waits and trace ids.
  std::uint64_t seed = std::random_device{}();
};

/// Spawns the core bottom up into `made`, each actor with the handles below it. Throws what a
/// replacement throws; those made by then stand in `made`, to be ended.
void spawn_core(core& made, core_ground ground, const config& settings,
                const core_factories& replacements, const logger& log);

} // namespace tutti
