// Spawns the entitlement actor.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/core.hpp>

#include <memory>

namespace tutti {

/// Uses http, auth, users and connections of `below`.
entitlement_actor spawn_entitlement(caf::actor_system& system,
                                    const std::shared_ptr<loop_unit>& unit, const core& below);

} // namespace tutti
