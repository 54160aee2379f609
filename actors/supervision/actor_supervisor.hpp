// actor_supervisor: keeps an author's actor alive behind one address.
#pragma once

#include <actors/telemetry/telemetry.hpp>

#include <tutti/log.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace tutti {

/// Tell, to a supervisor: end the actor and make it again, as after a restart of the core.
struct restart_actor {};

struct supervision {
  /// In logs, metrics and health: `actor NAME`.
  std::string name;
  /// Makes the actor; may throw.
  std::function<caf::actor()> make;
};

/// Forwards every message to the actor it has made. When that one fails it is made again, at first
/// after 0.1 s, then after twice as long each time, at most 30 s; after a minute of life the count
/// starts over. In between requests are answered with `internal`. An actor that ends by itself, or
/// by `user_shutdown`, takes the supervisor with it; so does the supervisor its actor.
caf::actor spawn_actor_supervisor(caf::actor_system& system, supervision what, const logger& log,
                                  std::shared_ptr<telemetry> life);

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::restart_actor)
