// One call of the http actor, from its arrival to its answer.
#pragma once

#include <actors/deadlines.hpp>
#include <actors/vitals.hpp>

#include <tutti/protocol/http.hpp>

#include <caf/typed_response_promise.hpp>

#include <array>
#include <string>
#include <string_view>

namespace tutti {

struct pending_call {
  enum class stage { waiting_for_session, in_line, in_flight, backing_off };

  http_call call;
  caf::typed_response_promise<http_response> promise;
  deadlines::token deadline = 0;
  stage at = stage::waiting_for_session;
  std::size_t host = 0;
  /// Where its exchanges are counted.
  endpoint_tallies::index endpoint = 0;
  /// The session it was sent with last; tells a late 401 for an old session from a fresh one.
  std::uint64_t session_number = 0;
  bool renewed = false;
  bool resent = false;
  /// The pod said how long to wait before the next attempt.
  bool told_to_wait = false;
  /// Attempts that failed; a renewed session or a stale connection does not count.
  int attempts = 0;
  deadlines::token retry = 0;
  deadlines::time_point arrived{};
  deadlines::time_point due{};
  deadlines::time_point first_sent{};
  /// Of the last attempt.
  deadlines::time_point sent{};
  /// Alphanumeric, as the official kits make them.
  std::array<char, 6> trace{};
  /// What the last attempt came to, when there was one before this.
  std::string before;
};

inline std::string_view trace_of(const pending_call& one) {
  return {one.trace.data(), one.trace.size()};
}

inline std::array<char, 6> make_trace(std::uint64_t number) {
  constexpr std::string_view letters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::array<char, 6> made{};
  for (auto& c : made) {
    c = letters[number % letters.size()];
    number /= letters.size();
  }
  return made;
}

/// The path of a target, for people: the query stays out of logs.
inline std::string path_of(const std::string& target) {
  return target.substr(0, target.find('?'));
}

/// How an exchange is counted.
inline exchange_end end_of(const result<http_response>& outcome) {
  if (outcome)
    return outcome->status < 400    ? exchange_end::ok
           : outcome->status == 429 ? exchange_end::rate_limited
           : outcome->status < 500  ? exchange_end::refused
                                    : exchange_end::server_error;
  switch (outcome.error().error) {
  case errc::tls_failed:
    return exchange_end::tls_failed;
  case errc::protocol_error:
    return exchange_end::protocol_error;
  default:
    return exchange_end::unreachable;
  }
}

} // namespace tutti
