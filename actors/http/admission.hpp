// How many requests a host gets at once; the others wait in line or are turned away.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace tutti::http {

/// The bounds of one host. Pure: it counts and keeps the line, the owner sends.
class admission {
public:
  enum class decision {
    /// Send now; counted as in flight.
    go,
    /// Waits in line.
    wait,
  };

  /// Which line to wait in: the front one goes first.
  enum class place { front, back };

  admission(std::size_t max_in_flight, std::size_t max_queued)
      : max_in_flight_(max_in_flight), bound_(max_in_flight + max_queued) {}

  /// Takes one more request in, wherever it then waits; false: too many are held already.
  /// Logins are counted apart: whoever waits for one must not keep it out.
  bool admit(bool login) {
    auto& held = login ? logins_ : held_;
    if (held >= bound_)
      return false;
    ++held;
    return true;
  }

  /// A request taken in is over.
  void dismiss(bool login) { --(login ? logins_ : held_); }

  /// One taken in wants to be sent.
  decision arrive(std::uint64_t which, place where = place::back) {
    if (in_flight_ < max_in_flight_) {
      ++in_flight_;
      return decision::go;
    }
    (where == place::front ? front_ : back_).push_back(which);
    return decision::wait;
  }

  /// One in flight has ended.
  void leave() { --in_flight_; }

  /// Whom to send next, counted as in flight; 0 for nobody. `waiting(which)` says whether that one
  /// is still in line; who gave up is skipped.
  template <class Waiting>
  std::uint64_t next(Waiting&& waiting) {
    while (in_flight_ < max_in_flight_ && !(front_.empty() && back_.empty())) {
      auto& line = front_.empty() ? back_ : front_;
      auto which = line.front();
      line.pop_front();
      if (waiting(which)) {
        ++in_flight_;
        return which;
      }
    }
    return 0;
  }

  std::size_t in_flight() const noexcept { return in_flight_; }
  std::size_t held() const noexcept { return held_; }
  /// Logins included.
  std::size_t taken_in() const noexcept { return held_ + logins_; }

private:
  std::size_t max_in_flight_;
  std::size_t bound_;
  std::size_t held_ = 0;
  std::size_t logins_ = 0;
  std::size_t in_flight_ = 0;
  std::deque<std::uint64_t> front_;
  std::deque<std::uint64_t> back_;
};

} // namespace tutti::http
