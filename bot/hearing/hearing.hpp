// What a bot's author has registered, called for each event.
#pragma once

#include <bot/hearing/running_handlers.hpp>
#include <bot/hearing/stream_actors.hpp>

#include <tutti/bot.hpp>
#include <tutti/chat.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/dispatch.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace tutti {

/// Handlers are added before the bot starts.
class hearing final : public event_listener {
public:
  using wanted = std::function<bool(const event&)>;

  explicit hearing(bot& owner) : owner_(owner) {}

  void add(wanted which, event_handler handle) {
    handlers_.push_back({std::move(which), std::move(handle)});
  }
  void on_given_up(std::function<void(const event&, const failure&)> report) {
    report_ = std::move(report);
  }
  void listen(stream_actors::maker make, const conversations_config& rules);

  /// Handlers that are added from now on are of plugins.
  void before_plugins() { own_ = handlers_.size(); }
  /// When no handler runs any more.
  void forget_plugins();
  /// Of a bot in a test that was killed: handlers that ran are gone, too.
  void forget_all();
  /// Whether a handler of a plugin may be running.
  bool plugins_run();
  /// Ends the actors of `listen`.
  void end_actors();
  bool wants_something() const noexcept { return !handlers_.empty(); }

  void log_to(logger log) { log_ = std::move(log); }

  void handle(std::shared_ptr<const event> what, std::function<void(handling)> done) override;
  void given_up(std::shared_ptr<const event> what, const failure& why) override;

private:
  struct entry {
    wanted which;
    event_handler handle;
  };

  void start(std::shared_ptr<const event> what);
  task<> call(std::shared_ptr<const event> what);
  void log_unheard(const event& what);

  bot& owner_;
  std::vector<entry> handlers_;
  /// Those of the bot's author come first.
  std::optional<std::size_t> own_;
  std::vector<std::shared_ptr<stream_actors>> listening_;
  std::function<void(const event&, const failure&)> report_;
  logger log_;
  std::array<std::atomic<bool>, event_kind_count> unheard_{};
  std::mutex lock_;
  running_handlers running_;
};

} // namespace tutti
