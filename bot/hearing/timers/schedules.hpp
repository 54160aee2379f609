// The handlers that are called at their times, again and again.
#pragma once

#include <bot/hearing/timers/schedule.hpp>

#include <tutti/chat.hpp>
#include <tutti/log.hpp>
#include <tutti/store.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti {

/// Added before the bot starts.
class schedules {
public:
  using alive = std::shared_ptr<const std::atomic<bool>>;

  schedules(bot& owner, std::function<bool(const alive&)> takes_part)
      : owner_(owner), takes_part_(std::move(takes_part)) {}

  /// What is wrong with it, and then it is left out; empty for nothing.
  std::string add(const std::string& when, event_handler handle, std::chrono::milliseconds late,
                  alive plugin);
  std::size_t size() const noexcept { return all_.size(); }
  /// Those that plugins have added are gone.
  void keep_first(std::size_t count) { all_.resize(count); }
  void log_to(logger log) { log_ = std::move(log); }

  /// The timers that are to be there.
  std::vector<stored_timer> timers(std::chrono::system_clock::time_point now) const;

  /// Whether the timer was one of a schedule. Its next one is set with the end of the event.
  task<bool> on_timer(chat& where);

private:
  struct entry {
    std::string id;
    schedule when;
    event_handler handle;
    /// How long after its time it may be called.
    std::chrono::milliseconds late;
    alive plugin;
  };

  bot& owner_;
  std::function<bool(const alive&)> takes_part_;
  logger log_;
  std::vector<entry> all_;
};

} // namespace tutti
