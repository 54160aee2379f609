// A bot: the core actors of one service account, started and stopped together.
#pragma once

#include <tutti/core.hpp>
#include <tutti/protocol/conversation.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <memory>
#include <stdexcept>
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
  [[nodiscard]] result<void> start();

  /// Ends plugins, conversations, flights (with `shutting_down`) and core. Blocks until all of it
  /// is gone; a name look-up under way at the system's resolver is waited for.
  void stop() noexcept;

  /// The handles; valid between `start` and `stop`.
  const core& handles() const noexcept;

  caf::actor_system& system() noexcept;

  /// The actor a plugin offers under its configured name; none when there is no such plugin.
  caf::strong_actor_ptr plugin_actor(std::string_view name) const;

  /// Starts a conversation actor of the author's class `C` for `request`; its constructor takes
  /// `(caf::actor_config&, im_actor, create_im, extra...)`. `stop` ends it if it still lives.
  /// Throws std::logic_error when the bot is not started.
  template <class C, class... Extra>
  conversation_actor converse(create_im request, Extra&&... extra) {
    if (!handles().im)
      throw std::logic_error{"bot::converse: the bot is not started; call start() and look at what "
                             "it answers"};
    conversation_actor started =
        system().template spawn<C>(handles().im, std::move(request), std::forward<Extra>(extra)...);
    look_after(started);
    return started;
  }

  /// Blocks the calling thread until that actor has ended; fails with what it ended with, such as
  /// the reason why a conversation has no IM.
  template <class Handle>
  result<void> wait_for(const Handle& whom) {
    caf::scoped_actor self{system()};
    self->monitor(whom);
    result<void> ended;
    self->receive([&](const caf::down_msg& down) {
      if (down.reason && down.reason != caf::exit_reason::user_shutdown)
        ended = to_failure(down.reason);
    });
    return ended;
  }

private:
  void look_after(const conversation_actor& started);

  class state;
  std::unique_ptr<state> state_;
};

} // namespace tutti
