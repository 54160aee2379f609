// The events that wait for their handlers: one at a time in each stream, in order.
#pragma once

#include <tutti/store.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
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
    auto& queue = streams_[what.what.stream];
    queue.waiting.push_back({std::move(what), repeated});
    ++size_;
    if (!queue.busy && queue.waiting.size() == 1)
      ready_.push_back(queue.waiting.front().what.what.stream);
  }

  /// An event of that stream and time was handed out before.
  void remember(const std::string& stream, std::chrono::system_clock::time_point at) {
    auto& queue = streams_[stream];
    queue.newest = std::max(queue.newest, at);
    if (!queue.busy && queue.waiting.empty())
      rest(stream);
  }

  /// The next one whose turn it is; null for none. Lasts until it ends.
  held* next() {
    if (ready_.empty())
      return nullptr;
    auto name = std::move(ready_.front());
    ready_.pop_front();
    auto& queue = streams_[name];
    queue.busy = true;
    auto& first = queue.waiting.front();
    first.late = first.what.what.at < queue.newest;
    queue.newest = std::max(queue.newest, first.what.what.at);
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
    auto name = queue.waiting.front().what.what.stream;
    queue.waiting.pop_front();
    queue.busy = false;
    --size_;
    if (!queue.waiting.empty())
      ready_.push_back(std::move(name));
    else
      rest(name);
  }

  /// Those that have not ended.
  std::size_t size() const noexcept { return size_; }
  /// Those of them that are with handlers.
  std::size_t out() const noexcept { return out_.size(); }
  std::size_t streams() const noexcept { return streams_.size(); }

private:
  struct queue {
    std::deque<held> waiting;
    bool busy = false;
    /// Of those handed out, by the agent's clock.
    std::chrono::system_clock::time_point newest{};
    /// How often it is among those that rest.
    int resting = 0;
  };

  /// An idle stream is remembered for what is late in it, the most recent ones.
  void rest(const std::string& name) {
    resting_.push_back(name);
    ++streams_[name].resting;
    while (resting_.size() > most_resting) {
      auto found = streams_.find(resting_.front());
      // One that has rested again since is kept for that.
      if (--found->second.resting == 0 && !found->second.busy && found->second.waiting.empty())
        streams_.erase(found);
      resting_.pop_front();
    }
  }

  static constexpr std::size_t most_resting = 100'000;

  std::unordered_map<std::string, queue> streams_;
  std::deque<std::string> ready_;
  std::deque<std::string> resting_;
  std::unordered_map<std::uint64_t, queue*> out_;
  std::size_t size_ = 0;
};

} // namespace tutti
