// Spawns the dispatch actor.
#pragma once

#include <actors/loop/unit.hpp>
#include <actors/telemetry/telemetry.hpp>

#include <tutti/config.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/dispatch.hpp>
#include <tutti/protocol/journal.hpp>
#include <tutti/wall_clock.hpp>

#include <memory>

namespace tutti {

/// `listener`: null for a bot that hears nothing.
dispatch_actor spawn_dispatch(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                              const config& settings, journal_actor journal,
                              std::shared_ptr<event_listener> listener, const logger& log,
                              std::shared_ptr<telemetry> life,
                              wall_clock wall = std::chrono::system_clock::now);

} // namespace tutti
