// What an actor holds for its askers: by id, by ticket, and with a deadline each.
#pragma once

#include <actors/slab.hpp>
#include <actors/tick.hpp>

#include <tutti/ids.hpp>

#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tutti {

/// A value stands in every table or in none. The deadline of one that is gone never comes.
template <class T>
class ticketed {
  struct entry {
    T value;
    call_ticket ticket;
    deadlines::token deadline = 0;
  };

public:
  using id = typename slab<entry>::id;

  /// Takes it in; `self` is woken when it is due. `ticket` may be empty.
  template <class Self>
  id insert(Self* self, T value, call_ticket ticket, deadlines::time_point due) {
    auto made = all_.insert({std::move(value), ticket});
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

  /// 0 for a ticket nobody has.
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
  bool on_tick(Self* self, deadlines::time_point now, Late&& late) {
    return deadlines_.on_tick(self, now, std::forward<Late>(late));
  }

  /// Takes it out.
  std::optional<T> take(id which) {
    auto gone = all_.take(which);
    if (!gone)
      return std::nullopt;
    deadlines_.remove(gone->deadline);
    if (gone->ticket)
      tickets_.erase(gone->ticket);
    return std::move(gone->value);
  }

private:
  slab<entry> all_;
  ticking_deadlines deadlines_;
  std::unordered_map<call_ticket, id> tickets_;
};

} // namespace tutti
