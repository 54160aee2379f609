// Spawns the IM actor.
#pragma once

#include <actors/directory/directory.hpp>
#include <actors/loop/unit.hpp>
#include <actors/telemetry/telemetry.hpp>

#include <tutti/config.hpp>
#include <tutti/core.hpp>

#include <memory>

namespace tutti {

/// Uses http, auth, entitlement and connections of `below`; records the IMs it opens in `known`.
im_actor spawn_im(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                  const config& settings, const core& below, std::shared_ptr<directory> known,
                  const logger& log,
                  std::shared_ptr<telemetry> life = std::make_shared<telemetry>());

} // namespace tutti
