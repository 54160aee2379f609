// Spawns the messages actor.
#pragma once

#include <actors/loop/unit.hpp>
#include <actors/telemetry/telemetry.hpp>

#include <tutti/config.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/http.hpp>
#include <tutti/protocol/messages.hpp>

#include <cstdint>
#include <memory>

namespace tutti {

/// `seed`: of marks and boundaries.
messages_actor spawn_messages(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                              const config& settings, http_actor http, const logger& log,
                              std::shared_ptr<telemetry> life, std::uint64_t seed);

} // namespace tutti
