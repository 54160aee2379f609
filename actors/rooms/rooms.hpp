// Spawns the rooms actor.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/protocol/http.hpp>
#include <tutti/protocol/rooms.hpp>

#include <memory>

namespace tutti {

rooms_actor spawn_rooms(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                        http_actor http);

} // namespace tutti
