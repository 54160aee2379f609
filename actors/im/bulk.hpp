// Spawns the bulk actor.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/protocol/bulk.hpp>

#include <caf/actor_system.hpp>

#include <memory>

namespace tutti {

bulk_actor spawn_bulk(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      im_actor im);

} // namespace tutti
