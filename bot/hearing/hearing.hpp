// What a bot's author has registered, called for each event.
#pragma once

#include <tutti/bot.hpp>
#include <tutti/chat.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/dispatch.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
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
  void log_to(logger log) { log_ = std::move(log); }

  void handle(std::shared_ptr<const event> what, std::function<void(handling)> done) override;
  void given_up(std::shared_ptr<const event> what, const failure& why) override;

private:
  struct entry {
    wanted which;
    event_handler handle;
  };

  task<> call(std::shared_ptr<const event> what);
  void log_unheard(const event& what);

  bot& owner_;
  std::vector<entry> handlers_;
  std::function<void(const event&, const failure&)> report_;
  logger log_;
  std::array<std::atomic<bool>, event_kind_count> unheard_{};
  std::mutex lock_;
  /// By number: events whose handlers run, and where their ends are reported.
  std::unordered_map<std::uint64_t, std::function<void(handling)>> running_;
};

} // namespace tutti
