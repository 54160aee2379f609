// Capped exponential backoff with full jitter.
#include <actors/hosts/retry_policy.hpp>

#include <algorithm>
#include <cmath>

namespace tutti {

namespace {

/// No host is left alone for longer: one header that says a day, from a proxy perhaps, would
/// silence the bot. Asked again, a host may say so again.
constexpr std::chrono::minutes longest{15};

/// How long a host that names no time is left alone at most.
constexpr std::chrono::seconds longest_guess{10};

bool worth_repeating(const result<http_response>& outcome) {
  if (!outcome)
    return (outcome.error().error == errc::unreachable && outcome.error().code != "host_unknown") ||
           outcome.error().code == "cut_short";
  return outcome->status == 408 || outcome->status >= 500 || slowed_down(outcome);
}

std::chrono::milliseconds backoff(const retry_config& settings, int attempts, double chance) {
  auto factor = settings.multiplier < 1 ? 2 : settings.multiplier;
  auto longest = static_cast<double>(settings.initial_interval.count()) *
                 std::pow(factor, static_cast<double>(attempts - 1));
  longest = std::min(longest, static_cast<double>(settings.max_interval.count()));
  return std::chrono::milliseconds{static_cast<std::int64_t>(longest * chance)};
}

} // namespace

bool slowed_down(const result<http_response>& outcome) {
  return outcome &&
         (outcome->status == 429 || (outcome->status == 400 && outcome->retry_after.has_value()));
}

std::chrono::milliseconds slow_down_for(const retry_config& settings, const http_response& answer,
                                        int times, double chance) {
  if (answer.retry_after.value_or(0) == 0) {
    auto interval = std::min<std::chrono::milliseconds>(backoff(settings, times, 1), longest_guess);
    return interval / 2 + std::chrono::milliseconds{static_cast<std::int64_t>(
                              static_cast<double>(interval.count()) * chance / 2)};
  }
  return std::min<std::chrono::milliseconds>(std::chrono::seconds{*answer.retry_after}, longest);
}

std::optional<std::chrono::milliseconds> next_attempt(const retry_config& settings,
                                                      const attempt& last,
                                                      const result<http_response>& outcome,
                                                      double chance) {
  // What is refused with 429, or with the agent's 400 for it, has not been done.
  if ((!last.repeat_safe && !slowed_down(outcome)) || !worth_repeating(outcome))
    return std::nullopt;
  if (settings.max_attempts >= 0 && last.number >= settings.max_attempts)
    return std::nullopt;
  auto wait = slowed_down(outcome) ? slow_down_for(settings, *outcome, last.slow_downs, chance)
                                   : backoff(settings, last.number, chance);
  if (outcome && !slowed_down(outcome) && outcome->retry_after) // RFC 9110, 10.2.3: a 503 may say.
    wait = std::max<std::chrono::milliseconds>(wait, std::chrono::seconds{*outcome->retry_after});
  if (wait >= last.left)
    return std::nullopt;
  if (!outcome && settings.unreachable_for.count() > 0 &&
      last.elapsed + wait >= settings.unreachable_for)
    return std::nullopt;
  return wait;
}

} // namespace tutti
