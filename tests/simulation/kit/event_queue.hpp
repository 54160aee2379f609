// What the world has planned, in the order of time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace tutti::simulation {

class event_queue {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using key = std::pair<time_point, std::uint64_t>;

  key at(time_point when, std::function<void()> what) {
    key made{when, next_++};
    events_.emplace(made, std::move(what));
    return made;
  }

  void drop(const key& which) { events_.erase(which); }

  std::optional<time_point> next() const {
    return events_.empty() ? std::nullopt : std::optional{events_.begin()->first.first};
  }

  /// Does the first that is due; false when none is.
  bool step(time_point now) {
    if (events_.empty() || events_.begin()->first.first > now)
      return false;
    auto what = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    what();
    return true;
  }

private:
  std::uint64_t next_ = 0;
  std::map<key, std::function<void()>> events_;
};

} // namespace tutti::simulation
