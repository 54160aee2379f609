// The message by which an actor wakes itself for its next deadline.
#pragma once

#include <actors/deadlines.hpp>

#include <caf/meta/type_name.hpp>

#include <chrono>
#include <optional>

namespace tutti {

struct tick {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, tick&) {
  return f(caf::meta::type_name("tick"));
}

/// Deadlines of an actor that accepts `tick`: one of those is under way at any time, no more.
class ticking_deadlines : public deadlines {
public:
  /// Adds a deadline and makes sure `self` is woken for it.
  template <class Self>
  token keep(Self* self, time_point due, std::uint64_t what) {
    auto made = add(due, what);
    wake(self);
    return made;
  }

  /// To be called on `tick`.
  template <class Self, class Late>
  void on_tick(Self* self, time_point now, Late&& late) {
    if (planned_ && now < *planned_)
      return; // A tick that an earlier deadline has overtaken; the one planned is still to come.
    planned_.reset();
    expire(now, std::forward<Late>(late));
    wake(self);
  }

private:
  template <class Self>
  void wake(Self* self) {
    auto due = next();
    if (!due || (planned_ && *planned_ <= *due))
      return;
    planned_ = due;
    auto now = self->system().clock().now();
    self->delayed_send(self, *due > now ? *due - now : time_point::duration{0}, tick{});
  }

  std::optional<time_point> planned_;
};

} // namespace tutti
