// The calls an http actor holds, and when they try again.
#pragma once

#include <actors/http/pending_call.hpp>
#include <actors/requests/ticketed.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace tutti {

class call_table {
public:
  using id = ticketed<pending_call>::id;

  /// Takes it in; `self` is woken when it is due.
  template <class Self>
  id insert(Self* self, pending_call&& call) {
    auto ticket = call.call.ticket;
    auto due = call.due;
    return calls_.insert(self, std::move(call), ticket, due);
  }

  /// null when it is over.
  pending_call* find(id which) { return calls_.find(which); }

  [[gnu::always_inline]] void prefetch(id which) const noexcept { calls_.prefetch(which); }

  /// 0 when no call has this ticket.
  id with_ticket(call_ticket ticket) const { return calls_.with_ticket(ticket); }

  std::vector<id> ids() const { return calls_.ids(); }

  /// Those that wait for another attempt at that host.
  std::vector<id> backing_off(std::size_t host) {
    auto found = ids();
    std::erase_if(found, [&](id which) {
      const auto& one = *find(which);
      return one.at != pending_call::stage::backing_off || one.host != host;
    });
    return found;
  }

  /// The one that has been on the wire longest, of those that `counts(id)`; null without one.
  template <class Counts>
  const pending_call* oldest_in_flight(std::size_t host, Counts&& counts) {
    const pending_call* oldest = nullptr;
    for (auto id : ids())
      if (const auto& one = *find(id); one.host == host &&
                                       one.at == pending_call::stage::in_flight && counts(id) &&
                                       (!oldest || one.sent < oldest->sent))
        oldest = &one;
    return oldest;
  }

  /// The call tries again at `when`.
  template <class Self>
  void try_again(Self* self, id which, timer_wheel::time_point when) {
    auto& one = *calls_.find(which);
    if (one.retry)
      retries_.remove(one.retry);
    one.retry = retries_.keep(self, when, which);
  }

  /// To be called on `tick`: `late(id)` for each that is due, `again(id)` for each whose time to
  /// try again has come.
  template <class Self, class Late, class Again>
  void on_tick(Self* self, timer_wheel::time_point now, Late&& late, Again&& again) {
    calls_.on_tick(self, now, std::forward<Late>(late));
    retries_.on_tick(self, now, [&](id which) {
      if (auto* one = calls_.find(which)) {
        one->retry = 0;
        again(which);
      }
    });
  }

  /// Takes it out; one that is over does no harm.
  void erase(id which) {
    if (const auto* ended = calls_.find(which); ended && ended->retry)
      retries_.remove(ended->retry);
    calls_.erase(which);
  }

private:
  ticketed<pending_call> calls_;
  ticking_timers retries_;
};

} // namespace tutti
