// Spawns the users actor.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/config.hpp>
#include <tutti/protocol/http.hpp>
#include <tutti/protocol/users.hpp>

#include <memory>

namespace tutti {

users_actor spawn_users(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                        const entitlement_config& settings, http_actor http);

} // namespace tutti
