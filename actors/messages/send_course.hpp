// The order of steps by which a message is sent once, though answers are lost.
#pragma once

#include <tutti/errc.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace tutti {

/// No I/O and no clock of its own. A create that was lost on the way may have been carried out: it
/// is not repeated before the stream has been searched for the message, twice, because a message
/// may be filed some time after it was taken.
class send_course {
public:
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
    std::chrono::milliseconds wait{0};
  };

  /// How sure it is that it has not been sent before: `just_now` by a process that has just ended,
  /// whose request may still be on its way.
  enum class sent_before : std::uint8_t { never, long_ago, just_now };

  /// `marked`: it can be found. `patience`: how long to go on.
  send_course(bool marked, sent_before when, std::chrono::milliseconds patience)
      : marked_(marked), patience_(patience),
        looks_(!marked || when == sent_before::never ? 0
               : when == sent_before::long_ago       ? 1
                                                     : looks_before_a_send) {}

  next begin() { return after_a_wait(); }

  /// The create was answered with success.
  static next sent() { return {action::done}; }

  /// It failed. `passed`: the time since the beginning.
  next send_failed(const failure& why, std::chrono::milliseconds passed) {
    const auto lost = may_have_been_sent(why);
    if (!lost && !passes(why))
      return {action::fail};
    if (lost && !marked_) {
      doubt_ = true;
      return {action::fail}; // A second one would be a second message.
    }
    if (lost)
      looks_ = looks_before_a_send;
    return pause(passed);
  }

  /// The search came to an end.
  next looked(bool found, std::chrono::milliseconds passed) {
    if (found)
      return {action::done};
    failures_ = 0;
    --looks_;
    return looks_ > 0 ? pause(passed) : next{action::send};
  }

  next look_failed(const failure& why, std::chrono::milliseconds passed) {
    return passes(why) || may_have_been_sent(why) ? pause(passed) : next{action::fail};
  }

  next waited() const { return after_a_wait(); }

  /// Whether, given up now, it may have been sent.
  bool in_doubt() const noexcept { return doubt_ || looks_ > 0; }

private:
  static constexpr int looks_before_a_send = 2;
  static constexpr std::chrono::milliseconds first_pause{250};
  static constexpr std::chrono::milliseconds longest_pause{15'000};

  next after_a_wait() const { return {looks_ > 0 ? action::look : action::send}; }

  next pause(std::chrono::milliseconds passed) {
    const auto wait = std::min(first_pause * (1 << std::min(failures_, 10)), longest_pause);
    ++failures_;
    return passed + wait >= patience_ ? next{action::fail} : next{action::wait, wait};
  }

  /// The request may have reached the agent.
  static bool may_have_been_sent(const failure& why) {
    return why.error == errc::unreachable || why.error == errc::deadline_exceeded ||
           why.error == errc::protocol_error || why.error == errc::internal;
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
  std::chrono::milliseconds patience_;
  /// Searches still to be made before it is sent.
  int looks_;
  int failures_ = 0;
  bool doubt_ = false;
};

} // namespace tutti
