// Decides when the bot's common JWT is renewed, and what a failed renewal leads to.
#pragma once

#include <tutti/errc.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace tutti {

/// Times only; the auth actor fetches the JWT (`GET /pod/v1/auth/jwt`, or with the login).
class jwt_renewal {
public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class action : std::uint8_t {
    /// The session has ended: log in from the start.
    log_in,
    /// The JWT in use is still good: try again at `again`.
    keep,
    /// There is no JWT that could be used: the login has failed.
    fail,
  };

  struct next {
    action then;
    time_point again{};
  };

  /// The longest a JWT is believed: as long as a session can last.
  static constexpr std::chrono::hours longest{14 * 24};
  /// The shortest: never at the speed of the network, whatever the pod says.
  static constexpr std::chrono::seconds shortest{10};

  /// A JWT has come; when to fetch the next one. Nothing when the pod has not said how long it is
  /// good: then a 401 leads to the next login.
  std::optional<time_point> received(std::chrono::seconds lifetime, time_point now) {
    if (lifetime <= std::chrono::seconds{0})
      return std::nullopt;
    const auto good = std::clamp<std::chrono::seconds>(lifetime, shortest, longest);
    until_ = now + good;
    return now + good * 9 / 10;
  }

  /// A renewal has failed. `in_use`: there is a session with a JWT.
  next failed(const failure& why, bool in_use, time_point now) const {
    if (in_use && why.error == errc::unauthorized)
      return {action::log_in};
    if (!in_use || now >= until_)
      return {action::fail};
    constexpr time_point::duration soonest = std::chrono::seconds{1};
    return {action::keep, now + std::max((until_ - now) / 3, soonest)};
  }

private:
  /// When the JWT in use ends.
  time_point until_{};
};

} // namespace tutti
