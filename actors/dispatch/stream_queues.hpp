// The events that wait for their handlers: one at a time in each stream, in order.
#pragma once

#include <actors/dispatch/resting_streams.hpp>

#include <tutti/store.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tutti {

/// No I/O and no clock. An event is handed out when the one before it in its stream has ended;
/// other streams go on meanwhile.
class stream_queues {
public:
  /// An event that is with a handler, or waits to be handed out again.
  struct held {
    stored_event what;
    bool repeated = false;
    bool late = false;
    /// How often it has been handed out.
    int attempts = 0;
    /// How many of these count against its handler.
    int failures = 0;
  };

  /// Takes it, behind the others of its stream. `repeated`: see `event_marks`.
  void add(stored_event&& what, bool repeated) {
    auto& queue = queue_of(what.what.stream);
    if (what.what.kind == event_kind::timer_due)
      timers_[std::string{timer_id_in(what.what.key)}] = {what.what.stream, what.number};
    queue.waiting.push_back({std::move(what), repeated});
    ++size_;
    if (!queue.busy && queue.waiting.size() == 1)
      ready_.push_back(queue.waiting.front().what.what.stream);
  }

  /// An event of that stream and time was handed out before.
  void remember(const std::string& stream, std::chrono::system_clock::time_point at) {
    if (const auto found = streams_.find(stream); found != streams_.end())
      found->second.newest = std::max(found->second.newest, at);
    else
      resting_.keep(stream, at);
  }

  /// The next one whose turn it is; null for none. Lasts until it ends.
  held* next() {
    if (ready_.empty())
      return nullptr;
    auto name = std::move(ready_.front());
    ready_.pop_front();
    auto& queue = streams_.at(name);
    queue.busy = true;
    auto& first = queue.waiting.front();
    // A timer's time is not of the agent's clock.
    if (first.what.what.kind != event_kind::timer_due) {
      first.late = first.what.what.at < queue.newest;
      queue.newest = std::max(queue.newest, first.what.what.at);
    }
    out_[first.what.number] = &queue;
    return &first;
  }

  /// One that has been handed out; null when it has ended.
  held* find(std::uint64_t number) {
    auto found = out_.find(number);
    return found == out_.end() ? nullptr : &found->second->waiting.front();
  }

  /// The handler is done with it; its stream goes on.
  void ended(std::uint64_t number) {
    auto found = out_.find(number);
    if (found == out_.end())
      return;
    auto& queue = *found->second;
    out_.erase(found);
    const auto& first = queue.waiting.front().what.what;
    auto name = first.stream;
    if (first.kind == event_kind::timer_due)
      if (const auto timer = timers_.find(std::string{timer_id_in(first.key)});
          timer != timers_.end() && timer->second.number == number)
        timers_.erase(timer);
    queue.waiting.pop_front();
    queue.busy = false;
    --size_;
    if (!queue.waiting.empty())
      return ready_.push_back(std::move(name));
    rest(name, queue);
  }

  /// The event that the timer of this id has become is over, unless it has been handed out; its
  /// number.
  std::optional<std::uint64_t> drop_timer(std::string_view id) {
    const auto found = timers_.find(std::string{id});
    if (found == timers_.end() || out_.contains(found->second.number))
      return std::nullopt;
    const auto number = found->second.number;
    drop(found->second.stream, number);
    timers_.erase(found);
    return number;
  }

  /// Those that have not ended.
  std::size_t size() const noexcept { return size_; }
  /// Those of them that are with handlers.
  std::size_t out() const noexcept { return out_.size(); }
  /// Those that are remembered, for what is late in them too.
  std::size_t streams() const noexcept { return streams_.size() + resting_.size(); }

private:
  struct queue {
    std::deque<held> waiting;
    bool busy = false;
    /// Of those handed out, by the agent's clock.
    std::chrono::system_clock::time_point newest{};
  };

  void rest(const std::string& name, const queue& which) {
    resting_.keep(name, which.newest);
    streams_.erase(name);
  }

  /// One that waits for its turn.
  void drop(const std::string& stream, std::uint64_t number) {
    auto& queue = streams_.at(stream);
    std::erase_if(queue.waiting, [&](const auto& each) { return each.what.number == number; });
    --size_;
    if (!queue.waiting.empty())
      return;
    std::erase(ready_, stream);
    rest(stream, queue);
  }

  queue& queue_of(const std::string& stream) {
    const auto [found, fresh] = streams_.try_emplace(stream);
    if (fresh)
      found->second.newest = resting_.newest(stream);
    return found->second;
  }

  static constexpr std::size_t most_resting = 100'000;

  /// Those with an event that has not ended.
  std::unordered_map<std::string, queue> streams_;
  std::deque<std::string> ready_;
  resting_streams resting_{most_resting};
  std::unordered_map<std::uint64_t, queue*> out_;
  struct fired_timer {
    std::string stream;
    std::uint64_t number = 0;
  };
  /// Of those that have not ended, by the timer's id.
  std::unordered_map<std::string, fired_timer> timers_;
  std::size_t size_ = 0;
};

} // namespace tutti
