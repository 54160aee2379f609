// What a host is given, refused and said to be.
#include <actors/http/host_state.hpp>

#include <actors/hosts/retry_policy.hpp>
#include <actors/http/call_texts.hpp>
#include <transport/hosts.hpp>
#include <wire/endpoints.hpp>

#include <utility>

namespace tutti {

host_state::host_state(const config& settings, std::size_t host, std::shared_ptr<telemetry> life,
                       logger log)
    : index_(host), retry_(settings.retry),
      queue_({settings.http.max_in_flight, settings.http.max_queued,
              transport::requests_per_second(settings.hosts, host)}),
      telemetry_(std::move(life)), log_(std::move(log)) {
  if (!settings.hosts[host].host.empty())
    name_ = transport::authority(settings.hosts[host]);
  // Left by a core before this one: no other code would reset it.
  counters().slowed.set(0);
  counters().lost.set(0);
  show();
  if (name_.empty())
    return;
  telemetry_->board.clear(trouble());
  telemetry_->board.clear(trouble() + slowed);
}

std::optional<failure> host_state::admit(const http_call& call) {
  if (name_.empty())
    return failure{errc::misconfigured,
                   call.request.target + ": no host is configured for it; set host, or the host "
                                         "of pod, agent, keyManager or sessionAuth",
                   0,
                   {}};
  if (!queue_.admit(is_login(call)))
    return failure{errc::overloaded,
                   std::to_string(queue_.held(is_login(call))) + " requests wait for " + name_ +
                       " already; ask less at once or raise http.maxQueued",
                   0,
                   {}};
  return std::nullopt;
}

bool host_state::ended(const pending_call& one, const result<http_response>& outcome,
                       time_point now) {
  telemetry_->endpoints.ended(one.endpoint, end_of(outcome), now - one.sent);
  if (!outcome && outcome.error().code == "descriptors")
    return false; // That is this process's trouble, and says nothing of the host.
  if (!outcome && outcome.error().error == errc::rejected)
    return false; // What was to be sent could not be read.
  if (!outcome || outcome->status >= 500) {
    auto no_connection = !outcome && outcome.error().error == errc::unreachable &&
                         outcome.error().code != "connection_lost";
    failed(one, no_connection, describe(outcome));
    return false;
  }
  if (noted_.test(one.endpoint)) {
    noted_.reset(one.endpoint);
    telemetry_->board.drop_note(path_of(one.call.request.target));
  }
  if (!slowed_down(outcome))
    slow_downs_ = 0;
  if (health_.ill_alone(one.endpoint))
    log_.info("endpoint_back", {{"host", name_}, {"path", path_of(one.call.request.target)}});
  if (!health_.answered(one.endpoint, now))
    return false;
  log_.info("host_back", {{"host", name_}});
  counters().lost.set(0);
  telemetry_->board.clear(trouble());
  return true;
}

void host_state::silent(const pending_call& one, const char* how, time_point::duration time) {
  failed(one, false,
         std::string{"no answer "} + how + " " + std::to_string(in_ms(time).count()) + " ms");
}

void host_state::failed(const pending_call& one, bool no_connection, const std::string& why) {
  auto fresh = !health_.lost();
  noted_.set(one.endpoint);
  telemetry_->board.note(path_of(one.call.request.target), why);
  if (!(no_connection ? health_.unreachable(one.sent) : health_.failed(one.endpoint, one.sent)))
    return;
  if (fresh)
    log_.warn("host_lost", {{"host", name_}, {"why", why}});
  counters().lost.set(1);
  telemetry_->board.raise(trouble(), why);
}

host_state::step host_state::after(pending_call& one, result<http_response>& outcome,
                                   time_point now, double chance) {
  ++one.attempts;
  auto slowed = slowed_down(outcome);
  slow_downs_ += slowed ? 1 : 0;
  auto wait = next_attempt(retry_,
                           {one.attempts, one.call.request.repeat_safe, in_ms(now - one.first_sent),
                            in_ms(one.due - now), slow_downs_},
                           outcome, chance);
  if (slowed)
    close_gate(now + slow_down_for(retry_, *outcome, slow_downs_, chance), now);
  if (!wait)
    return {};
  one.before = describe(outcome);
  if (slowed || budget_.take(now)) {
    tell_retry(one, *wait);
    return {slowed ? next_step::line_up : next_step::back_off, *wait};
  }
  telemetry_->retries_denied.add();
  one.waits_for_budget = health_.lost() && retry_.unreachable_for.count() == 0;
  if (one.waits_for_budget)
    return {next_step::back_off, *wait};
  if (outcome) {
    outcome->budget_spent = true;
  } else {
    auto why = outcome.error();
    why.detail += wire::budget_spent;
    outcome = std::move(why);
  }
  return {};
}

bool host_state::may_go(pending_call& one, time_point now) {
  if (!one.waits_for_budget)
    return true;
  if (health_.lost() && !budget_.take(now))
    return false;
  one.waits_for_budget = false;
  tell_retry(one, std::chrono::milliseconds{0});
  return true;
}

std::string host_state::gate_note(time_point now) const {
  if (queue_.gate() <= now)
    return {};
  return "; the host asked to slow down, for another " +
         std::to_string(in_ms(queue_.gate() - now).count()) + " ms";
}

void host_state::close_gate(time_point until, time_point now) {
  auto fresh = queue_.gate() <= now;
  queue_.close_gate(until);
  counters().slowed.set(queue_.gate() > now ? 1 : 0);
  // Shorter waits are nothing to act on.
  if (auto wait = in_ms(queue_.gate() - now); wait >= std::chrono::seconds{5})
    telemetry_->board.raise(
        trouble() + slowed,
        "HTTP 429: nothing is sent for " +
            std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()) + " s");
  if (!fresh)
    return;
  counters().slow_downs.add();
  log_.warn("slowed_down",
            {{"host", name_}, {"for_ms", std::to_string(in_ms(until - now).count())}});
}

void host_state::tell_retry(const pending_call& one, std::chrono::milliseconds wait) {
  telemetry_->retries.add();
  log_.info("retry", {{"path", path_of(one.call.request.target)},
                      {"attempt", std::to_string(one.attempts)},
                      {"after", one.before},
                      {"wait_ms", std::to_string(wait.count())},
                      {"trace", std::string{trace_of(one)}}});
}

} // namespace tutti
