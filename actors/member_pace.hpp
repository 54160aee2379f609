// How fast members are added to rooms and removed; pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace tutti {

/// The pace the documents ask for: 3 users a second in all, and one in 3 seconds for a room of more
/// than 500 members.
class member_pace {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::size_t many = 500;
  static constexpr std::chrono::milliseconds between_any{334};
  static constexpr std::chrono::milliseconds between_many{3'000};

  /// When the next may go into (or out of) a room of so many members, of which the last one went at
  /// `last`; taken by whoever asks.
  time_point turn(time_point now, time_point last, std::size_t members) {
    auto when = std::max(now, free_);
    if (members > many)
      when = std::max(when, last + between_many);
    free_ = when + between_any;
    return when;
  }

private:
  time_point free_;
};

} // namespace tutti
