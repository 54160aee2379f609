// Who may talk to whom, as far as it is at hand.
#pragma once

#include <base/containers/clock_cache.hpp>

#include <tutti/config.hpp>
#include <tutti/identity.hpp>
#include <tutti/participants.hpp>

namespace tutti {

/// A caller, and a user it may open an IM with.
struct allowed_pair {
  identity from;
  user_id to;

  friend bool operator==(const allowed_pair&, const allowed_pair&) = default;
};

} // namespace tutti

template <>
struct std::hash<tutti::allowed_pair> {
  std::size_t operator()(const tutti::allowed_pair& x) const noexcept {
    return std::hash<tutti::user_id>{}(x.to) * 31 + std::hash<tutti::identity>{}(x.from);
  }
};

namespace tutti {

/// Pairs that were found allowed, bounded and for a time. A denial is never remembered.
class allowed_pairs {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit allowed_pairs(const entitlement_config& settings)
      : ttl_(settings.ttl), known_(settings.capacity) {}

  /// Whether the caller is known to be allowed all of them.
  bool all_allowed(const identity& from, const participant_set& to, time_point now) {
    for (auto user : to.users())
      if (!known_.find(allowed_pair{from, user}, now))
        return false;
    return true;
  }

  void remember(const identity& from, const participant_set& to, time_point now) {
    for (auto user : to.users())
      known_.put(allowed_pair{from, user}, {}, now + ttl_);
  }

  void forget(const identity& from, const participant_set& to) {
    for (auto user : to.users())
      known_.erase(allowed_pair{from, user});
  }

private:
  struct nothing {};

  std::chrono::milliseconds ttl_;
  clock_cache<allowed_pair, nothing> known_;
};

} // namespace tutti
