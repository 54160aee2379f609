// A plugin: something a bot can be given by one entry of its configuration.
#pragma once

#include <tutti/bot.hpp>
#include <tutti/settings.hpp>
#include <tutti/version.hpp>

#include <caf/config.hpp>

#include <boost/version.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tutti {

/// What a plugin works with; the same object from `plugin::start` until `plugin::stop` has
/// returned.
class TUTTI_API plugin_context {
public:
  plugin_context(tutti::bot& owner, const logger& log) : owner_(owner), log_(log) {}
  plugin_context(const plugin_context&) = delete;
  plugin_context& operator=(const plugin_context&) = delete;

  /// The bot: ask it, look at its health, use its actor system. A plugin neither starts nor stops
  /// it: `stop` in a plugin's `start` makes the start fail, with the plugin's name.
  tutti::bot& bot() const noexcept { return owner_; }

  /// A logger under the plugin's name.
  const logger& log() const noexcept { return log_; }

  /// Has `make` make an actor and keeps it alive (see `bot::supervise`); it is ended when the
  /// plugin is stopped.
  template <class Handle>
  Handle supervise(std::string name, std::function<Handle(caf::actor_system&, const core&)> make) {
    auto made = owner_.supervise<Handle>(std::move(name), std::move(make));
    supervised_.push_back(caf::actor_cast<caf::actor>(made));
    return made;
  }

  /// Ends them; for the loader, which stops the plugin.
  void end_supervised() noexcept;

private:
  tutti::bot& owner_;
  const logger& log_;
  std::vector<caf::actor> supervised_;
};

/// The contract of a plugin. One object for each entry under `plugins:`, used from one thread at a
/// time: the one that starts the bot, and another one for `stop`.
class plugin {
public:
  virtual ~plugin() = default;

  /// What it is called by in configurations, e.g. `echo`.
  virtual const char* name() const noexcept = 0;

  /// Names its settings; they are read, and checked, before `start`.
  virtual void settings(setting_list& /*all*/) {}

  /// Looks at the settings, before anything is started and by `tutti config check`, too. Fails with
  /// what would keep it from starting.
  virtual result<void> check() { return {}; }

  /// What works but is dangerous in the settings, after `check`: a line each, with the way out, for
  /// the log at the start and for `tutti config check`.
  virtual std::vector<std::string> warnings() const { return {}; }

  /// Registers handlers of events (`context.bot().on_message`, `on`, `listen`), which the bot calls
  /// after those of its author, on CAF's scheduler, from the end of all plugins' `start` until
  /// `stop`. Called before the bot starts: nothing else is to be had then.
  virtual void hear(plugin_context& /*context*/) {}

  /// Starts it. A failure keeps the bot from starting and is reported with the plugin's name. An
  /// exception is a defect of the plugin: the bot goes on without it, and health reports that.
  virtual result<void> start(plugin_context& context) = 0;

  /// Ends it; called once after a `start` that succeeded. The core still answers. What it throws is
  /// logged. If it takes longer than `life.stopGrace` leaves it, it is logged and left behind.
  virtual void stop() = 0;

  /// The actor other parts of the bot may talk to (see `bot::plugin_actor`); none by default.
  virtual caf::strong_actor_ptr actor() const { return nullptr; }
};

/// Grows when something of the contract changes its layout in memory.
inline constexpr std::uint32_t plugin_abi = 6;

/// Identifies this copy of the library in the process.
TUTTI_API const void* library_identity() noexcept;

/// What a plugin was built with: looked at before anything else of a shared object is used. Its
/// layout never changes.
struct plugin_info {
  std::uint32_t abi = plugin_abi;
  /// Of Tutti's headers, `major.minor.patch`. One of a newer minor version is not loaded.
  const char* version = TUTTI_VERSION;
  std::uint32_t caf = CAF_VERSION;
  std::uint32_t boost = BOOST_VERSION;
  /// Of the library it has been linked with.
  const void* library = library_identity();
  plugin* (*make)() = nullptr;
};

} // namespace tutti

// The build defines it after the plugin's folder for those linked into libtutti.so.
#ifndef TUTTI_PLUGIN_ENTRY
#define TUTTI_PLUGIN_ENTRY tutti_plugin
#endif

/// Once per plugin, in its .cpp: makes `type` known.
#define TUTTI_PLUGIN(type)                                                                         \
  extern "C" TUTTI_API const tutti::plugin_info* TUTTI_PLUGIN_ENTRY();                             \
  extern "C" const tutti::plugin_info* TUTTI_PLUGIN_ENTRY() {                                      \
    static const auto info = [] {                                                                  \
      tutti::plugin_info made;                                                                     \
      made.make = []() -> tutti::plugin* { return std::make_unique<type>().release(); };           \
      return made;                                                                                 \
    }();                                                                                           \
    return &info;                                                                                  \
  }
