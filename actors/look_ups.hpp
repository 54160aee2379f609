// The users and connections actors' doors for those who put the core together.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/config.hpp>
#include <tutti/protocol/connections.hpp>
#include <tutti/protocol/http.hpp>
#include <tutti/protocol/users.hpp>

#include <memory>

namespace tutti {

users_actor spawn_users(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                        const entitlement_config& settings, http_actor http);

connections_actor spawn_connections(caf::actor_system& system,
                                    const std::shared_ptr<loop_unit>& unit, http_actor http);

} // namespace tutti
