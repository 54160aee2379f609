// Spawns the auth actor.
#pragma once

#include <actors/loop/unit.hpp>
#include <actors/telemetry/telemetry.hpp>

#include <tutti/config.hpp>
#include <tutti/protocol/auth.hpp>
#include <tutti/protocol/http.hpp>

#include <memory>

namespace tutti {

/// The code of the failure of a call in the name of a bot there is none of.
inline constexpr const char* no_bot_code = "no_bot";

/// The auth actor for the bot of `settings` and, by its app, for the users it acts for; leases
/// their sessions to `http`.
auth_actor spawn_auth(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const config& settings, http_actor http, const logger& log,
                      std::shared_ptr<telemetry> life = std::make_shared<telemetry>());

} // namespace tutti
