// Spawns the connections actor.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/protocol/connections.hpp>
#include <tutti/protocol/http.hpp>

#include <memory>

namespace tutti {

connections_actor spawn_connections(caf::actor_system& system,
                                    const std::shared_ptr<loop_unit>& unit, http_actor http);

} // namespace tutti
