// How often messages go into one stream.
#pragma once

#include <tutti/ids.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <unordered_map>

namespace tutti {

/// No clock of its own. Each stream has turns of its own: a busy one delays no other.
class stream_pace {
public:
  using clock = std::chrono::steady_clock;

  /// Messages a second into one stream; 0: as they come.
  explicit stream_pace(double per_second)
      : between_(per_second > 0 ? std::chrono::duration_cast<clock::duration>(
                                      std::chrono::duration<double>{1 / per_second})
                                : clock::duration::zero()) {}

  /// How long the next message waits for its turn; zero: it goes now.
  clock::duration wait(const stream_id& where, clock::time_point now) const {
    const auto found = next_.find(where);
    return found == next_.end() ? clock::duration::zero()
                                : std::max(found->second - now, clock::duration::zero());
  }

  /// A message takes the next turn, which is now or after `wait`.
  void take(const stream_id& where, clock::time_point now) {
    if (between_ == clock::duration::zero())
      return;
    if (next_.size() >= many_)
      forget(now);
    auto& next = next_[where];
    next = std::max(next, now) + between_;
  }

  /// Streams whose last turn is not over.
  std::size_t size() const noexcept { return next_.size(); }

private:
  static constexpr std::size_t fewest = 1'000;

  void forget(clock::time_point now) {
    std::erase_if(next_, [now](const auto& each) { return each.second <= now; });
    many_ = std::max(fewest, 2 * next_.size());
  }

  clock::duration between_;
  /// When the turn after the last one begins.
  std::unordered_map<stream_id, clock::time_point> next_;
  /// So many are looked through for what is over.
  std::size_t many_ = fewest;
};

} // namespace tutti
