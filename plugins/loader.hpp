// Finds plugins by name, starts them in order and stops them in reverse.
#pragma once

#include <tutti/plugin.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace tutti::plugins {

/// A plugin linked into libtutti.so.
struct builtin {
  std::string_view name;
  plugin* (*make)();
};

/// All of them; generated from the folders under plugins/.
std::span<const builtin> builtins();

/// The plugins of one bot.
class loader {
public:
  /// Starts what `settings.plugins` lists. On a failure those started before are stopped again.
  result<void> start(caf::actor_system& system, const core& handles, const config& settings,
                     const logger& log);

  void stop() noexcept;

  /// The actor that a running plugin offers; none for a name that is not there.
  caf::strong_actor_ptr actor(std::string_view name) const;

private:
  struct entry {
    plugin_config settings;
    logger log;
    std::unique_ptr<plugin> running;
  };

  std::vector<std::unique_ptr<entry>> running_;
};

} // namespace tutti::plugins
