// How many requests a host gets at once, in which order, and when it gets none.
#pragma once

#include <tutti/identity.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <unordered_map>

namespace tutti {

/// Limits of the requests to one host.
struct host_bounds {
  /// On the wire at once.
  std::size_t max_in_flight = 64;
  /// Taken in beside those.
  std::size_t max_queued = 10'000;
  /// Sent within any second; 0: as many as there are.
  std::size_t max_per_second = 0;
};

/// The line of one host. It counts and keeps the order, without I/O or a clock; the owner sends.
/// Identities take turns, so that one that asks for much does not hold up the others; logins go
/// before everybody.
class host_queue {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using call_id = std::uint64_t;

  /// Where to stand: a login before everybody; what the host sent back at the head of its
  /// identity's line; else at the end of that.
  enum class place { login, head, end };

  explicit host_queue(const host_bounds& bounds) : bounds_(bounds) {}

  /// Takes one more request in, wherever it then waits; false: too many are held already.
  /// Logins are counted apart: the calls that wait for a login must not keep it out.
  bool admit(bool login) {
    auto& held = login ? logins_held_ : held_;
    if (held >= bounds_.max_in_flight + bounds_.max_queued)
      return false;
    ++held;
    return true;
  }

  /// A request taken in is over, wherever it was.
  void release(bool login) { --(login ? logins_held_ : held_); }

  /// One taken in wants to be sent: true when it may be sent now, and counts as in flight;
  /// otherwise it is put in line.
  bool start_or_enqueue(call_id which, const identity& as, place where, time_point now) {
    if (line_is_empty() && may_send(now)) {
      start(now);
      return true;
    }
    line_up(which, as, where);
    return false;
  }

  /// One in flight has ended.
  void exchange_ended() { --in_flight_; }

  /// One counted as in flight a moment ago was not sent after all.
  void undo_start() {
    --in_flight_;
    if (!sent_.empty())
      sent_.pop_back();
  }

  /// The call to send next, counted as in flight; 0 for none. `waiting(which)` says whether that
  /// call is still in line; calls that have given up are skipped.
  template <class Waiting>
  call_id next(time_point now, Waiting&& waiting) {
    while (!line_is_empty() && may_send(now)) {
      auto which = pop();
      if (waiting(which)) {
        start(now);
        return which;
      }
      gone_ -= gone_ > 0 ? 1 : 0;
    }
    return 0;
  }

  /// The call likely to be sent after the last one; 0 when no call is in line.
  call_id soon() const {
    if (!logins_.empty())
      return logins_.front();
    return turns_.empty() ? 0 : lanes_.at(turns_.front()).front();
  }

  /// One in line has given up. Its place is cleared when it would be its turn, or when half of a
  /// long line is places of that kind.
  template <class Waiting>
  void abandoned(Waiting&& waiting) {
    if (++gone_ * 2 <= in_line_ + few)
      return;
    auto over = [&](call_id which) { return !waiting(which); };
    in_line_ -= std::erase_if(logins_, over);
    for (auto& [as, line] : lanes_)
      in_line_ -= std::erase_if(line, over);
    std::erase_if(turns_, [&](const identity& as) { return lanes_[as].empty(); });
    std::erase_if(lanes_, [](const auto& each) { return each.second.empty(); });
    gone_ = 0;
  }

  /// The host asked to slow down: nothing is sent before `until`.
  void close_gate(time_point until) { gate_ = std::max(gate_, until); }

  /// Nothing is sent before then; may have passed.
  time_point gate() const noexcept { return gate_; }

  /// When the next call may be sent, if only time holds the queue up. May have passed by now.
  std::optional<time_point> ready_at() const {
    if (line_is_empty() || in_flight_ >= bounds_.max_in_flight)
      return std::nullopt;
    return std::max(gate_, second_over());
  }

  std::size_t in_flight() const noexcept { return in_flight_; }
  /// Requests taken in that are not over: in line, in flight or anywhere else.
  std::size_t held(bool login) const noexcept { return login ? logins_held_ : held_; }
  /// Logins included.
  std::size_t taken_in() const noexcept { return held_ + logins_held_; }

private:
  /// Lines so short are not worth clearing up.
  static constexpr std::size_t few = 32;

  bool line_is_empty() const noexcept { return in_line_ == 0; }

  bool may_send(time_point now) const {
    return in_flight_ < bounds_.max_in_flight && gate_ <= now && second_over() <= now;
  }

  /// When the oldest of the last `max_per_second` requests is a second old.
  time_point second_over() const {
    return bounds_.max_per_second == 0 || sent_.size() < bounds_.max_per_second
               ? time_point::min()
               : sent_.front() + std::chrono::seconds{1};
  }

  void start(time_point now) {
    ++in_flight_;
    if (bounds_.max_per_second == 0)
      return;
    if (sent_.size() == bounds_.max_per_second)
      sent_.pop_front();
    sent_.push_back(now);
  }

  void line_up(call_id which, const identity& as, place where) {
    ++in_line_;
    if (where == place::login)
      return logins_.push_back(which);
    auto& mine = lanes_[as];
    if (mine.empty())
      turns_.push_back(as);
    if (where == place::head)
      mine.push_front(which);
    else
      mine.push_back(which);
  }

  call_id pop() {
    --in_line_;
    if (!logins_.empty()) {
      auto which = logins_.front();
      logins_.pop_front();
      return which;
    }
    auto as = turns_.front();
    turns_.pop_front();
    auto found = lanes_.find(as);
    auto which = found->second.front();
    found->second.pop_front();
    if (found->second.empty())
      lanes_.erase(found);
    else
      turns_.push_back(as);
    return which;
  }

  host_bounds bounds_;
  std::size_t held_ = 0;
  std::size_t logins_held_ = 0;
  std::size_t in_flight_ = 0;
  /// Places, and how many of them belong to calls that have given up.
  std::size_t in_line_ = 0;
  std::size_t gone_ = 0;
  std::deque<call_id> logins_;
  /// Those who wait, by identity; none of the queues is empty.
  std::unordered_map<identity, std::deque<call_id>> lanes_;
  /// Whose turn it is next: each identity of `lanes_` once.
  std::deque<identity> turns_;
  time_point gate_ = time_point::min();
  /// When the last `max_per_second` requests were sent.
  std::deque<time_point> sent_;
};

} // namespace tutti
