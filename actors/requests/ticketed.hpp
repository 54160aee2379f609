// What an actor holds for its askers: by id, by ticket, and with a deadline each.
#pragma once

#include <actors/requests/tick.hpp>
#include <base/containers/slab.hpp>

#include <tutti/ids.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace tutti {

/// A value is in every table or in none. The deadline of a value that is gone never fires.
template <class T>
class ticketed {
  struct entry {
    entry(T&& made, call_ticket name) : value(std::move(made)), ticket(name) {}

    T value;
    call_ticket ticket;
    timer_wheel::token deadline = 0;
  };

public:
  using id = typename slab<entry>::id;

  /// Takes it in; `self` is woken when it is due. `ticket` may be empty.
  template <class Self>
  id insert(Self* self, T&& value, call_ticket ticket, timer_wheel::time_point due) {
    auto made = all_.emplace(std::move(value), ticket);
    all_.find(made)->deadline = deadlines_.keep(self, due, made);
    if (ticket)
      tickets_[ticket] = made;
    return made;
  }

  /// null when it is gone.
  T* find(id which) {
    auto* found = all_.find(which);
    return found ? &found->value : nullptr;
  }

  [[gnu::always_inline]] void prefetch(id which) const noexcept { all_.prefetch(which); }

  /// 0 when no value has this ticket.
  id with_ticket(call_ticket ticket) const {
    auto found = tickets_.find(ticket);
    return found == tickets_.end() ? 0 : found->second;
  }

  std::vector<id> ids() const { return all_.ids(); }
  std::size_t size() const noexcept { return all_.size(); }
  bool empty() const noexcept { return all_.empty(); }

  /// To be called on `tick`: `late(id)` for each that is due; false when that tick's work has been
  /// done by another.
  template <class Self, class Late>
  bool on_tick(Self* self, timer_wheel::time_point now, Late&& late) {
    return deadlines_.on_tick(self, now, std::forward<Late>(late));
  }

  /// Takes it out.
  std::optional<T> take(id which) {
    auto* gone = find(which);
    if (!gone)
      return std::nullopt;
    auto value = std::optional<T>{std::move(*gone)};
    erase(which);
    return value;
  }

  /// Destroys it; one that is gone does no harm.
  void erase(id which) {
    const auto* gone = all_.find(which);
    if (!gone)
      return;
    deadlines_.remove(gone->deadline);
    if (gone->ticket)
      tickets_.erase(gone->ticket);
    all_.erase(which);
  }

private:
  slab<entry> all_;
  ticking_timers deadlines_;
  boost::unordered_flat_map<call_ticket, id, std::hash<call_ticket>> tickets_;
};

} // namespace tutti
