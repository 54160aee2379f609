// The order of steps by which a message is sent once, though answers are lost.
#pragma once

#include <tutti/errc.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace tutti {

/// No I/O and no clock of its own. A create that was lost on the way may have been carried out, or
/// may be later: it is not repeated before the stream has been searched for the message when all
/// that was under way must have arrived.
class send_course {
public:
  using duration = std::chrono::milliseconds;

  enum class action : std::uint8_t {
    /// Send it.
    send,
    /// Search the stream for it.
    look,
    /// Do nothing for `wait`, then call `waited`.
    wait,
    /// It is there.
    done,
    /// Fail with the last failure.
    fail,
  };

  struct next {
    action then;
    duration wait{0};
  };

  /// How long a request that got no answer may go on: one that was cut off, and one that an agent
  /// has been silent about for too long.
  static constexpr duration cut_off{2'000};
  static constexpr duration silent{10'000};

  /// `marked`: it can be found. `sent_before`: it may have been sent by an earlier process or core;
  /// its request may arrive within that time. `patience`: how long to go on.
  send_course(bool marked, std::optional<duration> sent_before, duration patience)
      : marked_(marked), patience_(patience), looks_(marked && sent_before),
        settled_(sent_before.value_or(duration{0})) {}

  next begin() { return after_a_wait(); }

  /// The create was answered with success.
  static next sent() { return {action::done}; }

  /// It failed. `passed`: the time since the beginning.
  next send_failed(const failure& why, duration passed) {
    const auto lost = may_have_been_sent(why);
    if (!lost && !passes(why))
      return {action::fail};
    if (lost && !marked_) {
      doubt_ = true;
      return {action::fail}; // A second one would be a second message.
    }
    if (lost) {
      looks_ = true;
      settled_ = passed + (why.error == errc::deadline_exceeded ? silent : cut_off);
    }
    return pause(passed);
  }

  /// A search that began when `passed` had passed has come to its end.
  next looked(bool found, duration passed) {
    if (found)
      return {action::done};
    if (passed < settled_)
      return pause(passed, settled_ - passed);
    failures_ = 0;
    looks_ = false;
    return {action::send};
  }

  next look_failed(const failure& why, duration passed) {
    return passes(why) || may_have_been_sent(why) ? pause(passed) : next{action::fail};
  }

  next waited() const { return after_a_wait(); }

  /// Whether, given up now, it may have been sent.
  bool in_doubt() const noexcept { return doubt_ || looks_; }

private:
  static constexpr duration first_pause{250};
  static constexpr duration longest_pause{15'000};

  next after_a_wait() const { return {looks_ ? action::look : action::send}; }

  next pause(duration passed, duration most = longest_pause) {
    const auto wait = std::min({first_pause * (1 << std::min(failures_, 10)), longest_pause, most});
    ++failures_;
    return passed + wait >= patience_ ? next{action::fail} : next{action::wait, wait};
  }

  /// The request may have reached the agent.
  static bool may_have_been_sent(const failure& why) {
    return why.error == errc::unreachable || why.error == errc::deadline_exceeded ||
           why.error == errc::protocol_error || why.error == errc::internal || why.status == 408;
  }

  /// It did not reach the agent, or was not carried out, for a reason that passes. Who waits for
  /// hours waits for the pod's maintenance, too, in which it refuses logins, and for what is
  /// behind a balancer that answers 404.
  bool passes(const failure& why) const {
    const auto no_login = why.error == errc::unauthorized || why.error == errc::login_refused;
    return why.error == errc::overloaded || why.error == errc::rate_limited ||
           why.error == errc::tls_failed ||
           ((no_login || why.status == 404) && patience_ >= std::chrono::hours{1});
  }

  bool marked_;
  duration patience_;
  /// The stream is searched before it is sent.
  bool looks_;
  /// When what was sent has arrived, or never will.
  duration settled_;
  int failures_ = 0;
  bool doubt_ = false;
};

} // namespace tutti
