// The doors of the apps actor and its token store for those who put the core together.
#pragma once

#include <actors/loop/unit.hpp>

#include <tutti/config.hpp>
#include <tutti/protocol/apps.hpp>
#include <tutti/protocol/http.hpp>

#include <memory>

namespace tutti {

/// Keeps at most 10,000 pairs, each until it expires; the least recently used make room.
app_token_store spawn_app_token_store(caf::actor_system& system,
                                      const std::shared_ptr<loop_unit>& unit);

apps_actor spawn_apps(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const config& settings, http_actor http, app_token_store tokens);

} // namespace tutti
