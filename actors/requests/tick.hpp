// Deadlines of an actor, and the message by which it wakes itself for the next one.
#pragma once

#include <base/containers/timer_wheel.hpp>

#include <caf/meta/type_name.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

namespace tutti {

struct tick {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, tick&) {
  return f(caf::meta::type_name("tick"));
}

/// When a request that asks for `wanted` is due: zero means `usual`, a negative time has passed
/// already, and "for ever" is a day.
inline timer_wheel::time_point due_time(timer_wheel::time_point now,
                                        std::chrono::milliseconds wanted,
                                        std::chrono::milliseconds usual) {
  constexpr std::chrono::milliseconds longest = std::chrono::hours{24};
  auto time = wanted.count() == 0 ? usual : wanted;
  return now + std::clamp(time, std::chrono::milliseconds{0}, longest);
}

/// Deadlines of an actor that accepts `tick`. A tick is sent only when none is under way that comes
/// as early; one that an earlier deadline has overtaken serves the later one when it comes.
class ticking_timers : public timer_wheel {
public:
  /// Adds a deadline and makes sure `self` is woken for it.
  template <class Self>
  token keep(Self* self, time_point due, std::uint64_t what) {
    auto made = add(due, what);
    wake(self);
    return made;
  }

  /// To be called on `tick`; false when that tick's work has been done by another.
  template <class Self, class Late>
  bool on_tick(Self* self, time_point now, Late&& late) {
    auto due = under_way_.upper_bound(now);
    if (due == under_way_.begin())
      return false;
    under_way_.erase(under_way_.begin(), due);
    expire(now, std::forward<Late>(late));
    wake(self);
    return true;
  }

  /// Ticks under way.
  std::size_t ticks() const noexcept { return under_way_.size(); }

private:
  template <class Self>
  void wake(Self* self) {
    auto due = next();
    if (!due || (!under_way_.empty() && *under_way_.begin() <= *due))
      return;
    under_way_.insert(*due);
    auto now = self->system().clock().now();
    self->delayed_send(self, *due > now ? *due - now : time_point::duration{0}, tick{});
  }

  std::set<time_point> under_way_;
};

} // namespace tutti
