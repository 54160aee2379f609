// A bot: the core actors of one service account, started and stopped together.
#pragma once

#include <tutti/core.hpp>
#include <tutti/protocol/conversation.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace tutti {

/// Owns the I/O loop and the core actors. Start and stop from one thread; the rest from any.
class TUTTI_API bot {
public:
  /// With an actor system of its own.
  explicit bot(config settings, core_factories replacements = {},
               std::shared_ptr<log_sink> sink = nullptr);

  /// Inside a host's actor system, which must outlive the bot.
  bot(caf::actor_system& host, config settings, core_factories replacements = {},
      std::shared_ptr<log_sink> sink = nullptr);

  bot(const bot&) = delete;
  bot& operator=(const bot&) = delete;

  /// Stops if that has not been done.
  ~bot();

  /// Starts core and plugins. Does not wait for the pod: the first request, or `whoami`, logs in.
  /// Fails with what is wrong in the configuration.
  result<void> start();

  /// Ends flights with `shutting_down`, then plugins and core. Blocks until all of it is gone.
  void stop() noexcept;

  /// The handles; valid between `start` and `stop`.
  const core& handles() const noexcept;

  caf::actor_system& system() noexcept;

  /// The actor a plugin offers under its configured name; none when there is no such plugin.
  caf::strong_actor_ptr plugin_actor(std::string_view name) const;

  /// Starts a conversation actor of the author's class `C` for `request`; its constructor takes
  /// `(caf::actor_config&, im_actor, create_im, extra...)`.
  template <class C, class... Extra>
  conversation_actor converse(create_im request, Extra&&... extra) {
    return system().template spawn<C>(handles().im, std::move(request),
                                      std::forward<Extra>(extra)...);
  }

  /// Blocks the calling thread until that actor has ended.
  template <class Handle>
  void wait_for(const Handle& whom) {
    caf::scoped_actor self{system()};
    self->wait_for(whom);
  }

private:
  class state;
  std::unique_ptr<state> state_;
};

} // namespace tutti
