// Streams in which nothing is under way, remembered for what is late in them.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string_view>
#include <unordered_map>

namespace tutti {

/// No clock. A stream costs some 70 bytes: it is known by a hash of its name, so that one event in
/// very many may be called late that is not.
class resting_streams {
public:
  using time_point = std::chrono::system_clock::time_point;

  explicit resting_streams(std::size_t most) : most_(most) {}

  /// Of its events handed out, this is the newest. Of more streams than are kept, those are
  /// forgotten that have rested for longest.
  void keep(std::string_view stream, time_point newest) {
    const auto name = hash_of(stream);
    auto& one = all_[name];
    one.newest = std::max(one.newest, newest);
    ++one.times;
    order_.push_back(name);
    while (order_.size() > most_) {
      auto first = all_.find(order_.front());
      order_.pop_front();
      // One that has rested again since is kept for that.
      if (first != all_.end() && --first->second.times == 0)
        all_.erase(first);
    }
  }

  /// The newest of its events; the epoch for a stream that is not remembered.
  time_point newest(std::string_view stream) const {
    const auto found = all_.find(hash_of(stream));
    return found == all_.end() ? time_point{} : found->second.newest;
  }

  std::size_t size() const noexcept { return all_.size(); }

private:
  struct entry {
    time_point newest{};
    /// How many times it is in the order.
    std::uint32_t times = 0;
  };

  static std::uint64_t hash_of(std::string_view stream) {
    return std::hash<std::string_view>{}(stream);
  }

  std::size_t most_;
  std::unordered_map<std::uint64_t, entry> all_;
  std::deque<std::uint64_t> order_;
};

} // namespace tutti
