// Decides what a demand for a session leads to: one login at a time for each identity.
#pragma once

#include <base/containers/clock_cache.hpp>

#include <tutti/errc.hpp>
#include <tutti/identity.hpp>
#include <tutti/session.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <unordered_set>

namespace tutti {

/// The state of every login, without doing one; the auth actor logs in and leases.
class logins {
public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class action : std::uint8_t {
    /// Lease the session in `current`.
    lease,
    /// Refuse with `why`: the same login has been refused a moment ago.
    refuse,
    /// Log in.
    log_in,
    /// Ask the key manager for the token that `current` lacks.
    get_keys,
    /// A login is under way; its end answers this demand, too.
    wait,
  };

  struct next {
    action then;
    session current{};
    failure why{};
  };

  /// The longest a session can last (Symphony: 1 hour to 2 weeks).
  static constexpr std::chrono::hours session_lifetime{14 * 24};
  /// For this time a refused login is not tried again.
  static constexpr std::chrono::seconds refusal_lifetime{5};

  /// For the bot, its app and as many users as `users`.
  explicit logins(std::size_t users) : sessions_(users + 2), refused_(users + 2) {}

  /// `rejected` is the session that the pod has answered with 401; without one, none is at hand.
  /// `keys`: a session without the key manager's token does not do.
  next on_demand(const identity& as, const session& rejected, bool keys, time_point now);

  /// The session in use; null without one.
  const session* current(const identity& as, time_point now) { return sessions_.find(as, now); }

  /// Whether a login, or the renewal of a session, is under way.
  bool under_way(const identity& as) const { return under_way_.contains(as); }

  /// Begins to renew a session that is still good; null when there is none, or when a login is
  /// under way already.
  const session* renew(const identity& as, time_point now);

  /// A renewal has ended without a new session; the old one is still good.
  void not_renewed(const identity& as) { under_way_.erase(as); }

  /// What is under way goes on as a login from the start.
  void start_over(const identity& as) { sessions_.erase(as); }

  /// The session in use has a new form, with keys or another JWT.
  void succeeded(const identity& as, const session& given, time_point now);

  /// Only a refusal is remembered; after any other failure the next demand logs in.
  void failed(const identity& as, const failure& why, time_point now);

private:
  clock_cache<identity, session> sessions_;
  clock_cache<identity, failure> refused_;
  std::unordered_set<identity> under_way_;
};

} // namespace tutti
