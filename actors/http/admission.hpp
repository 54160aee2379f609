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
    /// The line is full: refuse.
    full,
  };

  admission(std::size_t max_in_flight, std::size_t max_queued)
      : max_in_flight_(max_in_flight), max_queued_(max_queued) {}

  decision arrive(std::uint64_t which) {
    if (in_flight_ < max_in_flight_) {
      ++in_flight_;
      return decision::go;
    }
    if (queued_ >= max_queued_)
      return decision::full;
    line_.push_back(which);
    ++queued_;
    return decision::wait;
  }

  /// One in flight has ended.
  void leave() { --in_flight_; }

  /// One in line gives up; its place is skipped later.
  void withdraw() { --queued_; }

  /// Whom to send next, counted as in flight; 0 for nobody. `waiting(which)` says whether that one
  /// is still in line.
  template <class Waiting>
  std::uint64_t next(Waiting&& waiting) {
    while (in_flight_ < max_in_flight_ && !line_.empty()) {
      auto which = line_.front();
      line_.pop_front();
      if (waiting(which)) {
        --queued_;
        ++in_flight_;
        return which;
      }
    }
    return 0;
  }

  std::size_t in_flight() const noexcept { return in_flight_; }
  std::size_t queued() const noexcept { return queued_; }

private:
  std::size_t max_in_flight_;
  std::size_t max_queued_;
  std::size_t in_flight_ = 0;
  std::size_t queued_ = 0;
  std::deque<std::uint64_t> line_;
};

} // namespace tutti::http
