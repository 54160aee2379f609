// Says what a call has come to, in errors, counters and the log.
#pragma once

#include <actors/http/pending_call.hpp>

#include <tutti/log.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

namespace tutti {

/// The path of a target: the query stays out of logs.
std::string path_of(const std::string& target);

std::chrono::milliseconds in_ms(timer_wheel::time_point::duration time);

/// How an exchange is counted.
exchange_end end_of(const result<http_response>& outcome);

/// E.g. `HTTP 503`, or the failure.
std::string describe(const result<http_response>& outcome);

/// Why a call had no answer at its deadline.
std::string too_late(const pending_call& one, const std::string& host);

/// `why`, with the number of attempts and the trace.
failure given_up(const pending_call& one, failure why);

/// Why a call that met a 401, and then another one with a new session, has failed.
failure refused_again(const pending_call& one, const http_response& answer);

/// Of a call that its asker has cancelled.
failure taken_back();

/// What the host has repeated of the request is not quoted: not in a failure, nor by those who read
/// the answer.
void keep_secrets(const pending_call& one, result<http_response>& outcome);

/// A trace id from a random number.
std::array<char, 6> make_trace(std::uint64_t number);

/// One line for each exchange.
void log_exchange(const logger& log, const pending_call& one, const result<http_response>& answer,
                  timer_wheel::time_point now);

/// The call goes out a second time, because its connection is suspected.
void log_sent_again(const logger& log, const pending_call& one, timer_wheel::time_point now);

} // namespace tutti
