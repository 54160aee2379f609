// Who may talk to whom, as far as it is at hand.
#pragma once

#include <base/containers/clock_cache.hpp>

#include <tutti/config.hpp>
#include <tutti/identity.hpp>
#include <tutti/participants.hpp>

namespace tutti {

/// The way from a caller to a user.
struct way {
  identity from;
  user_id to;

  friend bool operator==(const way&, const way&) = default;
};

} // namespace tutti

template <>
struct std::hash<tutti::way> {
  std::size_t operator()(const tutti::way& x) const noexcept {
    return std::hash<tutti::user_id>{}(x.to) * 31 + std::hash<tutti::identity>{}(x.from);
  }
};

namespace tutti {

/// Ways that were found open, bounded and for a time. A closed way is never remembered.
class allowed_pairs {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit allowed_pairs(const entitlement_config& settings)
      : ttl_(settings.ttl), known_(settings.capacity) {}

  /// Whether the ways to all of them are known to be open.
  bool all_open(const identity& from, const participant_set& to, time_point now) {
    for (auto user : to.users())
      if (!known_.find(way{from, user}, now))
        return false;
    return true;
  }

  void opened(const identity& from, const participant_set& to, time_point now) {
    for (auto user : to.users())
      known_.put(way{from, user}, {}, now + ttl_);
  }

  void forget(const identity& from, const participant_set& to) {
    for (auto user : to.users())
      known_.erase(way{from, user});
  }

private:
  struct nothing {};

  std::chrono::milliseconds ttl_;
  clock_cache<way, nothing> known_;
};

} // namespace tutti
