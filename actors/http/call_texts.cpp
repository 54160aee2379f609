// Says what a call has come to, in errors, counters and the log.
#include <actors/http/call_texts.hpp>

#include <wire/endpoints.hpp>
#include <wire/redact.hpp>

#include <utility>

namespace tutti {

std::string path_of(const std::string& target) {
  return target.substr(0, target.find('?'));
}

std::chrono::milliseconds in_ms(timer_wheel::time_point::duration time) {
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

std::string describe(const result<http_response>& outcome) {
  return outcome ? "HTTP " + std::to_string(outcome->status) : to_string(outcome.error());
}

std::string too_late(const pending_call& one, const std::string& host) {
  auto what = one.call.request.target + ": no answer from " + host + " within " +
              std::to_string(in_ms(one.due - one.arrived).count()) + " ms";
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
  case pending_call::stage::idle:
    what += " (waiting to try again)";
    break;
  }
  if (!one.before.empty())
    what += "; the attempt before came to: " + one.before;
  return what;
}

failure given_up(const pending_call& one, failure why) {
  if (one.attempts > 1)
    why.detail += "; gave up after " + std::to_string(one.attempts) + " attempts";
  why.detail.append(" (trace ").append(trace_of(one)).append(")");
  return why;
}

failure refused_again(const pending_call& one, const http_response& answer) {
  return wire::refusal(one.call.request.target + " with a renewed session", answer);
}

failure taken_back() {
  return {errc::cancelled, "the asker took the call back", 0, {}};
}

void keep_secrets(const pending_call& one, result<http_response>& outcome) {
  if (outcome) {
    outcome->secrets = one.secrets;
  } else if (one.secrets) {
    auto why = outcome.error();
    why.detail = wire::redacted(std::move(why.detail), *one.secrets);
    outcome = std::move(why);
  }
}

void log_exchange(const logger& log, const pending_call& one, const result<http_response>& answer,
                  timer_wheel::time_point now) {
  if (!log.keeps(log_level::debug))
    return;
  log.debug("exchange", {{"method", std::string{to_string(one.call.request.method)}},
                         {"path", path_of(one.call.request.target)},
                         {"status", answer ? std::to_string(answer->status)
                                           : std::string{to_string(answer.error().error)}},
                         {"ms", std::to_string(in_ms(now - one.sent).count())},
                         {"trace", std::string{trace_of(one)}}});
}

void log_sent_again(const logger& log, const pending_call& one, timer_wheel::time_point now) {
  log.info("sent_again",
           {{"path", path_of(one.call.request.target)},
            {"after_ms", std::to_string(in_ms(now - one.sent).count())},
            {"why", "not a byte of an answer, on a connection that had been used before"},
            {"trace", std::string{trace_of(one)}}});
}

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

} // namespace tutti
