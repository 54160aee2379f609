// How many repeats a host may be given, so that an outage is not made worse.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

namespace tutti {

/// Pure. Within any ten seconds the repeats sent to a host are at most a tenth of the requests sent
/// to it for the first time in that time; ten are always allowed.
class retry_budget {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A request went out for the first time.
  void sent(time_point now) { ++slot_of(now).sent; }

  /// Whether one more repeat may be sent; then it is counted.
  bool take(time_point now) {
    auto& newest = slot_of(now);
    std::uint64_t sent = 0;
    std::uint64_t repeats = 0;
    for (const auto& each : slots_)
      if (newest.second - each.second < slot_count) {
        sent += each.sent;
        repeats += each.repeats;
      }
    if (repeats >= std::max<std::uint64_t>(sent / 10, always))
      return false;
    ++newest.repeats;
    return true;
  }

private:
  static constexpr std::int64_t slot_count = 10;
  static constexpr std::uint64_t always = 10;

  struct slot {
    std::int64_t second = -slot_count;
    std::uint64_t sent = 0;
    std::uint64_t repeats = 0;
  };

  slot& slot_of(time_point now) {
    auto second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    auto& found = slots_[static_cast<std::size_t>(second) % slots_.size()];
    if (found.second != second)
      found = {second, 0, 0};
    return found;
  }

  std::array<slot, slot_count> slots_{};
};

} // namespace tutti
