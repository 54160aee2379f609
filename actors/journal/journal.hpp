// Spawns the journal actor.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/protocol/journal.hpp>

#include <memory>

namespace tutti {

/// Of `kept`, which outlives it: a core that restarts finds what the one before has kept.
journal_actor spawn_journal(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                            std::shared_ptr<event_store> kept);

} // namespace tutti
