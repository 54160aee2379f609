// When the journal is to be asked for timers that are due.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace tutti {

/// No clock.
class due_timers {
public:
  using time_point = std::chrono::system_clock::time_point;

  /// This clock may be set: it is looked at again after that.
  static constexpr std::chrono::milliseconds longest{10'000};

  /// A timer is kept.
  void set(time_point due) { next_ = std::min(next_.value_or(due), due); }

  /// How long from now the journal is to be asked; nothing: no timer is set, or it is being asked.
  std::optional<std::chrono::milliseconds> wait(time_point now) const {
    if (asking_ || !next_)
      return std::nullopt;
    if (*next_ <= now) // Times may be as far apart as they like: nothing overflows.
      return std::chrono::milliseconds{0};
    if (*next_ >= now + longest)
      return longest;
    return std::chrono::ceil<std::chrono::milliseconds>(*next_ - now);
  }

  void asked() {
    asking_ = true;
    next_.reset(); // Those that are set meanwhile are kept beside its answer.
  }

  /// `next`: of those that are not due.
  void answered(std::optional<time_point> next) {
    asking_ = false;
    if (next)
      set(*next);
  }

private:
  bool asking_ = false;
  std::optional<time_point> next_;
};

} // namespace tutti
