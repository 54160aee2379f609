// Finds plugins by name or path, starts them in order and stops them in reverse.
#pragma once

#include <actors/spawn.hpp>

#include <tutti/export.hpp>
#include <tutti/plugin.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tutti::plugins {

/// A plugin linked into libtutti.so.
struct builtin {
  /// Of its folder under plugins/, and its name.
  std::string_view name;
  const plugin_info* (*info)();
};

/// All of them; generated from the folders under plugins/.
std::span<const builtin> builtins();

/// All built-in plugins with their settings and defaults, as YAML that may stand in a
/// configuration.
TUTTI_FRONT_DOOR std::string reference();

/// What is wrong with the plugins of a configuration, checked without starting any.
TUTTI_FRONT_DOOR std::optional<failure> flaw(const config& settings);

/// What works but is dangerous in the settings of the plugins; see plugin::warnings.
TUTTI_FRONT_DOOR std::vector<std::string> warnings(const config& settings);

/// The plugins of one bot.
class loader {
public:
  explicit loader(std::shared_ptr<telemetry> life) : telemetry_(std::move(life)) {}

  /// Makes what `settings.plugins` lists and reads its settings; nothing runs yet. Fails with
  /// `errc::misconfigured` and the place.
  result<void> prepare(const config& settings, const logger& log);

  /// Of those prepared, a line each.
  std::vector<std::string> warnings() const;

  /// True until the plugin has stopped, or its start has failed.
  using alive = std::shared_ptr<const std::atomic<bool>>;

  /// Has those prepared register their handlers, each after `begin(alive)`. One that throws keeps
  /// the bot from starting.
  result<void> hear(bot& owner, const std::function<void(alive)>& begin);

  /// Starts what was prepared. On a failure those started before are stopped again.
  result<void> start();

  /// Answers, by name, what did not stop by `until`: it is left behind with all that it uses.
  std::string stop(std::chrono::steady_clock::time_point until) noexcept;

  /// Takes down those that have stopped, once nothing runs that may use them.
  void destroy() noexcept;

  /// For the bot's stop(): true while plugins are being started, and then the start fails.
  bool stopped_while_starting() noexcept;

  /// The actor that a running plugin offers; none for a name that is not there. From any thread.
  caf::strong_actor_ptr actor(std::string_view name) const;

private:
  struct entry {
    std::string name;
    logger log;
    std::unique_ptr<plugin> made;
    /// From `hear` on.
    std::unique_ptr<plugin_context> context;
    bool started = false;
    /// Whether its handlers are called.
    std::shared_ptr<std::atomic<bool>> alive = std::make_shared<std::atomic<bool>>(true);
    /// Who of both comes first: the plugin that has stopped, or the bot that waits no longer.
    std::atomic<bool> decided{false};
  };

  bool stop_one(const std::shared_ptr<entry>& one, std::chrono::steady_clock::time_point until);
  result<void> prepare_one(const plugin_config& wanted, const logger& log);
  result<void> start_each();
  void offer(const entry& one);
  void withdraw(const entry& one);
  void thrown(const entry& one, const std::string& doing, const std::string& why);

  std::shared_ptr<telemetry> telemetry_;
  std::vector<std::shared_ptr<entry>> all_;
  /// The thread in which plugins are being started; no thread: none is.
  std::atomic<std::thread::id> starts_in_{std::thread::id{}};
  /// The bot's stop() was called meanwhile: by a plugin's start() itself, or by another thread.
  std::atomic<bool> stopped_by_plugin_{false};
  std::atomic<bool> stopped_elsewhere_{false};
  mutable std::mutex lock_;
  /// By name, while the plugin runs.
  std::map<std::string, caf::strong_actor_ptr, std::less<>> offered_;
};

} // namespace tutti::plugins
