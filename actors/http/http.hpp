// Spawns the HTTP actor.
#pragma once

#include <actors/loop/unit.hpp>
#include <actors/telemetry/telemetry.hpp>
#include <transport/client.hpp>

#include <tutti/config.hpp>
#include <tutti/protocol/http.hpp>

#include <cstdint>
#include <memory>

namespace tutti {

/// The HTTP actor above `transport`, which it owns and uses on its own thread. `seed` decides what
/// is left to chance.
http_actor spawn_http(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const config& settings, std::unique_ptr<transport::client> transport,
                      const logger& log,
                      std::shared_ptr<telemetry> life = std::make_shared<telemetry>(),
                      std::uint64_t seed = 1);

} // namespace tutti
