// Spawns the datafeed actor.
#pragma once

#include <actors/loop/unit.hpp>
#include <actors/telemetry/telemetry.hpp>

#include <tutti/config.hpp>
#include <tutti/core.hpp>
#include <tutti/log.hpp>

#include <cstdint>
#include <memory>

namespace tutti {

/// `below`: http, auth, journal, dispatch. `listens`: false for a bot that hears nothing.
datafeed_actor spawn_datafeed(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                              const config& settings, const core& below, bool listens, bool durable,
                              const logger& log, std::shared_ptr<telemetry> life,
                              std::uint64_t seed);

} // namespace tutti
