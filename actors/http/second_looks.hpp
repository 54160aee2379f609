// Finds requests that wait too long for an answer, and suspects their connections.
#pragma once

#include <actors/http/call_table.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace tutti {

/// No I/O and no clock of its own; by host. A connection may lose what is sent on it without any
/// error. So a request without a byte of an answer for a quarter of its deadline, five seconds at
/// most, is sent again on a fresh connection: one at a time, as a probe. When the probe is answered
/// sooner than the silence had lasted, all others that were sent before it are sent again as well:
/// a host that is only slow gets one request more, and after an outage no request waits for its
/// deadline.
class second_looks {
public:
  using time_point = timer_wheel::time_point;
  using call_id = call_table::id;

  /// A request went out: when to look, or nothing when a look is planned that comes earlier.
  std::optional<time_point> sent(const pending_call& one) {
    auto& host = hosts_[one.host];
    const auto due = due_of(one);
    if (!one.call.request.repeat_safe || one.call.long_poll || one.sent_again || due >= host.next)
      return std::nullopt;
    host.next = due;
    return due;
  }

  /// Whether a look is due; false for a timer left over from a look that was planned for an earlier
  /// time since.
  bool is_due(std::size_t host, time_point now) const noexcept { return hosts_[host].next <= now; }

  /// Calls `send_again(id)` for each that is to be sent again; that returns false when the call
  /// waits on a connection that needs no suspicion, and may end calls. Returns when to look next.
  template <class SendAgain>
  std::optional<time_point> run(std::size_t which, call_table& calls, time_point now,
                                SendAgain&& send_again) {
    auto& host = hosts_[which];
    auto next = time_point::max();
    for (auto id : calls.ids()) {
      const auto* one = calls.find(id);
      if (!one || one->host != which || one->at != pending_call::stage::in_flight ||
          one->sent_again || !one->call.request.repeat_safe || one->call.long_poll)
        continue;
      const auto sent = one->sent;
      if (const auto due = due_of(*one); due > now) {
        next = std::min(next, due);
      } else if (host.proven && sent <= host.probed) {
        send_again(id);
      } else if (host.probe != 0) {
        next = std::min(next, now + pause);
      } else if (send_again(id)) {
        host.probe = id;
        host.probed = now;
        host.silence = now - sent;
        host.proven = false;
      }
    }
    host.next = next;
    return next == time_point::max() ? std::nullopt : std::optional{next};
  }

  /// A call has ended, or its attempt; true when others are to be looked at now.
  bool ended(std::size_t which, call_id id, bool answered, time_point now) {
    auto& host = hosts_[which];
    if (host.probe != id)
      return false;
    host.probe = 0;
    host.proven = answered && now - host.probed < host.silence;
    return host.proven;
  }

private:
  static constexpr std::chrono::seconds longest{5};
  static constexpr std::chrono::milliseconds pause{250};

  static time_point due_of(const pending_call& one) {
    return one.sent + std::min<time_point::duration>((one.due - one.sent) / 4, longest);
  }

  struct looks_at_host {
    time_point next = time_point::max();
    /// The one that was sent again, how long it had been silent, and whether it was answered
    /// sooner.
    call_id probe = 0;
    time_point probed;
    time_point::duration silence{};
    bool proven = false;
  };
  std::array<looks_at_host, service_count> hosts_;
};

} // namespace tutti
