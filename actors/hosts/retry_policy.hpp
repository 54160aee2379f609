// Whether, and when, a call is tried once more.
#pragma once

#include <tutti/config.hpp>
#include <tutti/http_message.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <optional>

namespace tutti {

/// The state of a call after an attempt.
struct attempt {
  /// 1 for the first.
  int number = 1;
  /// Whether the pod may see it twice without harm.
  bool repeat_safe = false;
  /// Since the first attempt began.
  std::chrono::milliseconds elapsed{0};
  /// Until the call's deadline.
  std::chrono::milliseconds left{0};
  /// How often in a row the host has asked to slow down, this time included.
  int slow_downs = 1;
};

/// How long to wait before the next attempt; nothing when this one's outcome is final. Any call is
/// repeated after 429 (or the agent's 400 with `Retry-After`): the host has not executed it. Only
/// repeat-safe calls are repeated after a lost connection, an answer that broke off (code
/// `cut_short`), HTTP 408 and 5xx (not before the time its `Retry-After` names). No attempt begins
/// at or past the deadline. `chance`, from 0 to 1, spreads the waits of many.
std::optional<std::chrono::milliseconds> next_attempt(const retry_config& settings,
                                                      const attempt& last,
                                                      const result<http_response>& outcome,
                                                      double chance);

/// The host asked to slow down: HTTP 429, or the agent's 400 with `Retry-After`.
bool slowed_down(const result<http_response>& outcome);

/// How long a host that asked to slow down is left alone: as long as it says (a quarter of an
/// hour at most), else between a half and the whole of an interval that doubles with each of
/// `times` it has asked in a row, ten seconds at most.
std::chrono::milliseconds slow_down_for(const retry_config& settings, const http_response& answer,
                                        int times, double chance);

} // namespace tutti
