// How fast members are added to rooms and removed; pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace tutti {

/// The pace the documents ask for: 3 users a second in all, and one in 3 seconds for a room of more
/// than 500 members.
class member_throttle {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::size_t many = 500;
  static constexpr std::chrono::milliseconds between_any{334};
  static constexpr std::chrono::milliseconds between_many{3'000};

  /// When the next may go into (or out of) a room.
  struct turn {
    time_point when;
    /// True: the turn is reserved for this room. False: the room itself has to wait, and asks again
    /// at `when`; other rooms need not wait with it.
    bool taken = false;
  };

  /// Of a room of so many members, of which the last one went at `last`.
  turn next(time_point now, time_point last, std::size_t members) {
    if (members > many && last + between_many > now)
      return {last + between_many, false};
    auto when = std::max(now, free_);
    free_ = when + between_any;
    return {when, true};
  }

private:
  time_point free_;
};

} // namespace tutti
