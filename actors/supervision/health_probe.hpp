// health_probe: logs in at start, and asks a host that does not answer until it does.
#pragma once

#include <actors/telemetry/telemetry.hpp>

#include <tutti/core.hpp>
#include <tutti/log.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <array>
#include <chrono>
#include <memory>

namespace tutti {

/// Health must not wait for the next request to be true. While all is well the actor sleeps;
/// while a host is lost it is asked, without a session, every `interval`, and while the login
/// fails it is tried again with growing pauses of at most a minute.
caf::actor spawn_health_probe(caf::actor_system& system, const core& handles,
                              std::chrono::milliseconds interval, std::shared_ptr<telemetry> life);

} // namespace tutti
