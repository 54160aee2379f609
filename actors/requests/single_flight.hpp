// One flight per key, with the waiters who share it.
#pragma once

#include <base/containers/slab.hpp>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <variant>

namespace tutti {

/// Flights under way and who waits for each. A flight is there from the first waiter until it is
/// taken or its last waiter has left; nothing of a finished flight remains. `Data` is what the
/// owner keeps of each.
template <class Key, class Data = std::monostate>
class single_flight {
public:
  using waiter = std::uint64_t;
  using flight_id = std::uint64_t;

  struct flight {
    Key key;
    /// In the order they came; the first is the one who flies unless it has left.
    boost::container::small_vector<waiter, 2> waiters;
    Data data;
  };

  struct joined {
    flight_id id;
    /// Lasts until the next flight begins or ends.
    flight& under_way;
    /// This waiter is the first: the owner starts the flight.
    bool first;
  };

  /// `data` is taken for a new flight only.
  joined join(const Key& key, waiter who, Data data = {}) {
    if (auto found = by_key_.find(key); found != by_key_.end()) {
      auto& under_way = *flights_.find(found->second);
      under_way.waiters.push_back(who);
      return {found->second, under_way, false};
    }
    auto id = flights_.insert({key, {who}, std::move(data)});
    by_key_.emplace(key, id);
    return {id, *flights_.find(id), true};
  }

  /// The flight, while it is under way.
  flight* find(flight_id which) { return flights_.find(which); }

  /// Ends the flight; afterwards the key is free.
  std::optional<flight> take(flight_id which) {
    auto ended = flights_.take(which);
    if (ended)
      by_key_.erase(ended->key);
    return ended;
  }

  /// One waiter leaves; true when no waiter is left: the flight is over.
  bool leave(flight_id which, waiter who) {
    auto* under_way = flights_.find(which);
    if (!under_way)
      return false;
    auto& all = under_way->waiters;
    all.erase(std::remove(all.begin(), all.end(), who), all.end());
    if (!all.empty())
      return false;
    take(which);
    return true;
  }

  std::size_t size() const noexcept { return flights_.size(); }

private:
  slab<flight> flights_;
  boost::unordered_flat_map<Key, flight_id, std::hash<Key>> by_key_;
};

} // namespace tutti
