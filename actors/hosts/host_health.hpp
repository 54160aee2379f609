// Whether a host answers.
#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <utility>

namespace tutti {

/// No I/O and no clock of its own. A request that fails while others succeed says nothing about the
/// host; one that fails while no other request is answered does. When a lost host answers again,
/// each other endpoint that has failed meanwhile is ill alone: until it answers, its failures do
/// not count for the host.
class host_health {
public:
  using time_point = std::chrono::steady_clock::time_point;
  static constexpr std::size_t max_endpoints = 64;

  /// The host answered a request of this endpoint; true when it had been lost.
  bool answered(std::size_t endpoint, time_point now) {
    last_good_ = now;
    failing_.reset(endpoint);
    ill_alone_.reset(endpoint);
    if (!std::exchange(lost_, false))
      return false;
    ill_alone_ |= failing_;
    failing_.reset();
    return true;
  }

  /// There was no connection for a request of `sent`; true when the host is lost.
  bool unreachable(time_point sent) {
    lost_ = lost_ || last_good_ < sent;
    return lost_;
  }

  /// A request of `sent` to this endpoint got no answer, or a server error; true when the host is
  /// lost.
  bool failed(std::size_t endpoint, time_point sent) {
    if (!ill_alone_.test(endpoint) && (lost_ || last_good_ < sent)) {
      failing_.set(endpoint);
      lost_ = true;
    }
    return lost_;
  }

  bool lost() const noexcept { return lost_; }

  /// Whether this endpoint fails while the host answers others.
  bool ill_alone(std::size_t endpoint) const { return ill_alone_.test(endpoint); }

private:
  time_point last_good_ = time_point::min();
  bool lost_ = false;
  /// Those that have failed while the host was lost.
  std::bitset<max_endpoints> failing_;
  std::bitset<max_endpoints> ill_alone_;
};

} // namespace tutti
