// Finds plugins by name or path, starts them in order and stops them in reverse.
#pragma once

#include <actors/spawn.hpp>

#include <tutti/export.hpp>
#include <tutti/plugin.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

/// What is wrong with the plugins of a configuration, told without starting any.
TUTTI_FRONT_DOOR std::optional<failure> flaw(const config& settings);

/// The plugins of one bot.
class loader {
public:
  explicit loader(std::shared_ptr<vitals> life) : life_(std::move(life)) {}

  /// Makes what `settings.plugins` lists and reads its settings; nothing runs yet. Fails with
  /// `errc::misconfigured` and the place.
  result<void> prepare(const config& settings, const logger& log);

  /// Starts what was prepared. On a failure those started before are stopped again.
  result<void> start(bot& owner);

  void stop() noexcept;

  /// The actor that a running plugin offers; none for a name that is not there. From any thread.
  caf::strong_actor_ptr actor(std::string_view name) const;

private:
  struct entry {
    std::string name;
    logger log;
    std::unique_ptr<plugin> made;
    /// While it runs.
    std::unique_ptr<plugin_context> context;
  };

  result<void> prepare_one(const plugin_config& wanted, const logger& log);
  void offer(const entry& one);
  void withdraw(const entry& one);
  void thrown(const entry& one, const std::string& doing, const std::string& why);

  std::shared_ptr<vitals> life_;
  std::vector<std::unique_ptr<entry>> all_;
  mutable std::mutex lock_;
  /// By name, while the plugin runs.
  std::map<std::string, caf::strong_actor_ptr, std::less<>> offered_;
};

} // namespace tutti::plugins
