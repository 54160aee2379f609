// What a bot's author has registered, called for each event.
#pragma once

#include <bot/hearing/running_handlers.hpp>
#include <bot/hearing/stream_actors.hpp>

#include <tutti/bot.hpp>
#include <tutti/chat.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/dispatch.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <vector>

namespace tutti {

/// Handlers are added before the bot starts.
class hearing final : public event_listener {
public:
  using wanted = std::function<bool(const event&)>;

  explicit hearing(bot& owner) : owner_(owner) {}

  void add(wanted which, event_handler handle) {
    handlers_.push_back({std::move(which), std::move(handle), owner_of_new_});
  }
  void on_given_up(std::function<void(const event&, const failure&)> report) {
    report_ = std::move(report);
  }
  void listen(stream_actors::maker make, const conversations_config& rules);
  bool wants_something() const noexcept { return !handlers_.empty(); }

  // -- plugins ------------------------------------------------------------------------

  /// True until the plugin has stopped, or its start has failed.
  using alive = std::shared_ptr<const std::atomic<bool>>;

  /// Handlers that are added from now on are of that plugin.
  void add_for(alive plugin) {
    own_ = std::min(own_, handlers_.size());
    owner_of_new_ = std::move(plugin);
  }
  /// When no handler runs any more.
  void forget_plugins();

  // -- its life -------------------------------------------------------------------------

  /// Handlers begin; events that have come before wait for this.
  void open();
  /// No handler begins any more; the events stay in the journal.
  void close();
  /// Of a bot in a test that was killed: handlers that ran are gone, too.
  void forget_all();
  /// Ends the actors of `listen`.
  void end_actors();

  void log_to(logger log) { log_ = std::move(log); }

  void handle(std::shared_ptr<const event> what, std::function<void(handling)> done) override;
  void given_up(std::shared_ptr<const event> what, const failure& why) override;

private:
  struct entry {
    wanted which;
    event_handler handle;
    /// Null: of the bot's author.
    alive plugin;
  };

  bool is_open();
  void start(std::shared_ptr<const event> what);
  void start_or_keep(std::shared_ptr<const event> what);
  task<> call(std::shared_ptr<const event> what);
  void log_unheard(const event& what);

  bot& owner_;
  std::vector<entry> handlers_;
  /// Those of the bot's author come first.
  std::size_t own_ = std::numeric_limits<std::size_t>::max();
  alive owner_of_new_;
  std::vector<std::shared_ptr<stream_actors>> listening_;
  std::function<void(const event&, const failure&)> report_;
  logger log_;
  std::array<std::atomic<bool>, event_kind_count> unheard_{};
  std::mutex lock_;
  running_handlers running_;
  bool open_ = false;
  /// Whose handlers are to begin once it is open.
  std::vector<std::shared_ptr<const event>> waiting_;
};

} // namespace tutti
