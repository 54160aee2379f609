// A bot without a thread and a network of its own: `tutti::testing::desk` moves its time and
// answers its requests.
#pragma once

#include <tutti/bot.hpp>
#include <tutti/http_message.hpp>
#include <tutti/store.hpp>
#include <tutti/wall_clock.hpp>

#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace tutti::detail {

/// One request as it leaves the bot.
struct wire_request {
  std::string method;
  /// Path and query.
  std::string target;
  /// Header lines, each `name: value\r\n`.
  std::string headers;
  std::string body;
  /// What follows it; null: nothing.
  std::shared_ptr<const body_source> rest{};
};

/// Answers requests. Used from the thread that runs the actor system.
class virtual_wire {
public:
  using answered = std::function<void(result<http_response>)>;

  virtual ~virtual_wire() = default;
  /// `done` is called once, later than within this call, unless it is cancelled.
  virtual void send(std::uint64_t which, wire_request what, answered done) = 0;
  virtual void cancel(std::uint64_t which) = 0;
};

/// What a virtual bot lives on.
struct virtual_ground {
  /// With CAF's testing scheduler.
  caf::actor_system& system;
  std::shared_ptr<virtual_wire> wire;
  /// Kept over restarts of the bot.
  std::shared_ptr<event_store> journal;
  /// Runs all actors until none has anything to do.
  std::function<void()> run;
  wall_clock wall = std::chrono::system_clock::now;
};

/// Its handlers are registered, and it is started and stopped, like any other's.
TUTTI_API std::unique_ptr<bot> make_virtual_bot(virtual_ground ground, config settings,
                                                core_factories replacements = {},
                                                std::shared_ptr<log_sink> sink = nullptr);
/// Ends it as a process that is killed: nothing is waited for. It may be started again.
TUTTI_API void kill_virtual_bot(bot& one);

} // namespace tutti::detail
