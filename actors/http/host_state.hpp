// One host as the http actor sees it: its queue, its retry budget, and its health.
#pragma once

#include <actors/hosts/host_health.hpp>
#include <actors/hosts/host_queue.hpp>
#include <actors/hosts/retry_budget.hpp>
#include <actors/http/pending_call.hpp>

#include <tutti/config.hpp>
#include <tutti/log.hpp>

#include <bitset>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace tutti {

/// What to do with a call after an attempt that failed.
enum class next_step {
  /// The outcome is final.
  conclude,
  /// Back into the queue: the host's gate holds it up.
  line_up,
  /// Into the queue after `host_state::step::wait`.
  back_off,
};

class host_state {
public:
  using time_point = timer_wheel::time_point;

  /// A host that gives no answer for this long counts as silent, whatever ended the wait; a shorter
  /// wait says nothing about the host.
  static constexpr std::chrono::seconds long_silence{1};
  /// How often a call that found the retry budget spent checks it again.
  static constexpr std::chrono::milliseconds budget_poll{1'000};

  host_state(const config& settings, std::size_t host, std::shared_ptr<telemetry> life, logger log);

  /// For people; empty for a host that is not configured.
  const std::string& name() const noexcept { return name_; }

  host_queue& queue() noexcept { return queue_; }
  const host_queue& queue() const noexcept { return queue_; }

  /// Takes a call in, or says why not.
  std::optional<failure> admit(const http_call& call);

  bool lost() const noexcept { return health_.lost(); }

  /// A call went out for the first time.
  void sent_first(time_point now) { budget_.sent(now); }

  /// An exchange ended; true when a host that was lost is back.
  bool ended(const pending_call& one, const result<http_response>& outcome, time_point now);

  /// It has not answered this "for" or "within" a time.
  void silent(const pending_call& one, const char* how, time_point::duration time);

  struct step {
    next_step then = next_step::conclude;
    std::chrono::milliseconds wait{0};
  };

  /// What comes after an attempt, which is counted here. `chance`, from 0 to 1, spreads the waits.
  step after(pending_call& one, result<http_response>& outcome, time_point now, double chance);

  /// A wait is over: whether the call may line up. A call that found the budget spent may do so
  /// when the budget has room again, or when the host has answered another request since.
  bool may_go(pending_call& one, time_point now);

  /// When to look at the queue again though nothing happens: it may move then, or its gate opens.
  std::optional<time_point> next_wake_up(time_point now) const {
    auto due = queue_.ready_at();
    return !due && queue_.gate() > now ? std::optional{queue_.gate()} : due;
  }

  /// The time its gate was closed for has passed, perhaps.
  void clear_gate_note(time_point now) {
    if (queue_.gate() > now)
      return;
    counters().slowed.set(0);
    telemetry_->board.clear(trouble() + slowed);
  }

  /// For the detail of a failure: that the gate is closed, and for how long; empty when it is not.
  std::string gate_note(time_point now) const;

  /// Shows its numbers to the outside.
  void show() {
    counters().in_flight.set(queue_.in_flight());
    counters().held.set(queue_.taken_in());
  }

private:
  /// Behind its name: the trouble of a closed gate.
  static constexpr const char* slowed = " has asked to slow down";

  telemetry::host& counters() { return telemetry_->hosts[index_]; }
  std::string trouble() const { return host_trouble + name_; }
  void failed(const pending_call& one, bool no_connection, const std::string& why);
  void close_gate(time_point until, time_point now);
  void tell_retry(const pending_call& one, std::chrono::milliseconds wait);

  std::size_t index_;
  std::string name_;
  retry_config retry_;
  host_queue queue_;
  retry_budget budget_;
  host_health health_;
  /// Endpoints the board has a note of.
  std::bitset<host_health::max_endpoints> noted_;
  /// How often in a row it has asked to slow down.
  int slow_downs_ = 0;
  std::shared_ptr<telemetry> telemetry_;
  logger log_;
};

} // namespace tutti
