// Words and numbers for one call.
#include <actors/http/pending_call.hpp>

namespace tutti {

std::array<char, 6> make_trace(std::uint64_t number) {
  constexpr std::string_view letters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::array<char, 6> made{};
  for (auto& c : made) {
    c = letters[number % letters.size()];
    number /= letters.size();
  }
  return made;
}

std::string path_of(const std::string& target) {
  return target.substr(0, target.find('?'));
}

std::chrono::milliseconds rounded(deadlines::time_point::duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

exchange_end end_of(const result<http_response>& outcome) {
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

std::string words_of(const result<http_response>& outcome) {
  return outcome ? "HTTP " + std::to_string(outcome->status) : to_string(outcome.error());
}

std::string too_late(const pending_call& one, const std::string& host) {
  auto what = one.call.request.target + ": no answer from " + host + " within " +
              std::to_string(rounded(one.due - one.arrived).count()) + " ms";
  switch (one.at) {
  case pending_call::stage::in_flight:
    what.append(" (sent, trace ").append(trace_of(one)).append(")");
    break;
  case pending_call::stage::in_line:
    what += " (still waiting in line; see http.maxInFlight)";
    break;
  case pending_call::stage::waiting_for_session:
    what += " (still waiting for the login)";
    break;
  case pending_call::stage::backing_off:
    what += " (waiting to try again)";
    break;
  }
  if (!one.before.empty())
    what += "; the attempt before came to: " + one.before;
  return what;
}

} // namespace tutti
