// One call of the http actor, from its arrival to its answer.
#pragma once

#include <actors/loop/unique_promise.hpp>
#include <actors/requests/tick.hpp>
#include <actors/telemetry/telemetry.hpp>
#include <base/containers/timer_wheel.hpp>

#include <tutti/protocol/http.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace tutti {

struct pending_call {
  enum class stage {
    waiting_for_session,
    in_line,
    in_flight,
    backing_off,
    /// Its exchange is over; what comes next is decided in the same turn, or its deadline has
    /// passed.
    idle,
  };

  http_call call;
  unique_promise<http_response> reply;
  stage at = stage::waiting_for_session;
  std::size_t host = 0;
  /// Where its exchanges are counted.
  endpoint_counters::index endpoint = 0;
  /// The session it was sent with last; shows whether a 401 is a late one for an old session.
  std::uint64_t session_number = 0;
  /// What of it must not be quoted; see http_response.
  std::shared_ptr<const std::string> secrets;
  bool renewed = false;
  /// Once, because its connection was suspected.
  bool sent_again = false;
  /// To be sent on a connection that has not served before.
  bool fresh = false;
  /// The retry budget is spent and the host is lost: it waits until the budget has room again or
  /// the host has answered another request.
  bool waits_for_budget = false;
  /// Attempts that failed; a renewed session or a stale connection does not count.
  int attempts = 0;
  timer_wheel::token retry = 0;
  timer_wheel::time_point arrived{};
  timer_wheel::time_point due{};
  timer_wheel::time_point first_sent{};
  /// Of the last attempt.
  timer_wheel::time_point sent{};
  /// Alphanumeric, as the official kits make them.
  std::array<char, 6> trace{};
  /// What the last attempt came to, when there was one before this.
  std::string before;
};

/// A login, or another call without a session; the app's call that opens a user's session is a
/// login, too. It has priority, because other calls may wait for it, and is counted apart.
inline bool is_login(const http_call& call) {
  return !call.authorized || call.as.is_app();
}

/// A call that has just come; `patience` counts when it brings no deadline.
inline pending_call arrived(http_call&& call, unique_promise<http_response>&& reply,
                            std::chrono::milliseconds patience, timer_wheel::time_point now) {
  pending_call one;
  one.arrived = now;
  one.due = due_time(now, call.timeout, patience);
  one.call = std::move(call);
  one.reply = std::move(reply);
  return one;
}

inline std::string_view trace_of(const pending_call& one) {
  return {one.trace.data(), one.trace.size()};
}

} // namespace tutti
