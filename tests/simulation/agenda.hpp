// What the world has planned, in the order of time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace tutti::simulation {

class agenda {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using key = std::pair<time_point, std::uint64_t>;

  key at(time_point when, std::function<void()> what) {
    key made{when, next_++};
    plans_.emplace(made, std::move(what));
    return made;
  }

  void drop(const key& which) { plans_.erase(which); }

  std::optional<time_point> next() const {
    return plans_.empty() ? std::nullopt : std::optional{plans_.begin()->first.first};
  }

  /// Does the first that is due; false when none is.
  bool step(time_point now) {
    if (plans_.empty() || plans_.begin()->first.first > now)
      return false;
    auto what = std::move(plans_.begin()->second);
    plans_.erase(plans_.begin());
    what();
    return true;
  }

private:
  std::uint64_t next_ = 0;
  std::map<key, std::function<void()>> plans_;
};

} // namespace tutti::simulation
