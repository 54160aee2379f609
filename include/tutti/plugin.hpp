// A plugin: something a bot can be given by one entry of its configuration.
#pragma once

#include <tutti/config.hpp>
#include <tutti/core.hpp>

#include <caf/actor_system.hpp>

#include <memory>
#include <string_view>

namespace tutti {

/// What a plugin works with; valid until `plugin::stop` returns.
struct plugin_context {
  caf::actor_system& system;
  const core& handles;
  const plugin_config& settings;
  const logger& log;
};

/// The contract of a plugin. One object per entry under `plugins:`.
class plugin {
public:
  virtual ~plugin() = default;

  /// Starts its actors. A failure keeps the bot from starting and is reported with the name.
  virtual result<void> start(const plugin_context& context) = 0;

  /// Ends its actors; called once, also after a failed start of a later plugin.
  virtual void stop() noexcept = 0;

  /// The actor other parts of the bot may talk to (see `bot::plugin_actor`); none by default.
  virtual caf::strong_actor_ptr actor() const { return nullptr; }
};

} // namespace tutti

/// Once per plugin, in its .cpp: makes `type` known. The build defines TUTTI_PLUGIN_ENTRY after the
/// plugin's folder for those linked into libtutti.so.
#define TUTTI_PLUGIN(type)                                                                         \
  extern "C" tutti::plugin* TUTTI_PLUGIN_ENTRY();                                                  \
  extern "C" tutti::plugin* TUTTI_PLUGIN_ENTRY() {                                                 \
    return std::make_unique<type>().release();                                                     \
  }
