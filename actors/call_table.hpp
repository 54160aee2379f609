// The calls an http actor holds: by id, by ticket, and with their deadlines.
#pragma once

#include <actors/pending_call.hpp>
#include <actors/slab.hpp>
#include <actors/tick.hpp>

#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tutti {

/// A call stands in every table or in none.
class call_table {
public:
  using id = slab<pending_call>::id;

  /// Takes it in; `self` is woken when it is due.
  template <class Self>
  id insert(Self* self, pending_call call) {
    auto ticket = call.call.ticket;
    auto due = call.due;
    auto made = calls_.insert(std::move(call));
    calls_.find(made)->deadline = deadlines_.keep(self, due, made);
    if (ticket)
      tickets_[ticket] = made;
    return made;
  }

  /// null when it is over.
  pending_call* find(id which) { return calls_.find(which); }

  /// 0 for a ticket nobody has.
  id with_ticket(call_ticket ticket) const {
    auto found = tickets_.find(ticket);
    return found == tickets_.end() ? 0 : found->second;
  }

  std::vector<id> ids() const { return calls_.ids(); }

  /// The call tries again at `when`.
  template <class Self>
  void try_again(Self* self, id which, deadlines::time_point when) {
    auto& one = *calls_.find(which);
    if (one.retry)
      retries_.remove(one.retry);
    one.retry = retries_.keep(self, when, which);
  }

  /// To be called on `tick`: `late(id)` for each that is due, `again(id)` for each whose time to
  /// try again has come.
  template <class Self, class Late, class Again>
  void on_tick(Self* self, deadlines::time_point now, Late&& late, Again&& again) {
    deadlines_.on_tick(self, now, std::forward<Late>(late));
    retries_.on_tick(self, now, [&](id which) {
      if (auto* one = calls_.find(which)) {
        one->retry = 0;
        again(which);
      }
    });
  }

  /// Takes it out.
  std::optional<pending_call> take(id which) {
    auto ended = calls_.take(which);
    if (ended) {
      deadlines_.remove(ended->deadline);
      if (ended->retry)
        retries_.remove(ended->retry);
      if (ended->call.ticket)
        tickets_.erase(ended->call.ticket);
    }
    return ended;
  }

private:
  slab<pending_call> calls_;
  ticking_deadlines deadlines_;
  ticking_deadlines retries_;
  std::unordered_map<call_ticket, id> tickets_;
};

} // namespace tutti
