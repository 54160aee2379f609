// Spawns the streams actor.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/protocol/http.hpp>
#include <tutti/protocol/streams.hpp>

#include <memory>

namespace tutti {

streams_actor spawn_streams(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                            http_actor http);

} // namespace tutti
