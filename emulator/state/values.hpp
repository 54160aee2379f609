// What all parts of the pod's state say: ids, times, refusals, options.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace tutti::emulator {

using uid = std::int64_t;
using time_point = std::chrono::system_clock::time_point;

/// As Symphony writes times: since 1970.
std::int64_t millis(time_point t);

/// What goes wrong, as Symphony says it: an HTTP status and a message.
struct refusal {
  int status = 500;
  std::string message;
};

inline const refusal lacks_entitlement{
    403, "The user lacks the required entitlement to perform this operation"};

template <class T>
using answer = std::variant<T, refusal>;

struct pod_options {
  /// How long a session lasts (Symphony: 1 hour to 2 weeks).
  std::chrono::seconds session_lifetime{3600};
  /// Whether the other side needs isExternalIMEnabled too (support site; the API page says caller).
  bool callee_needs_external_im = true;
  /// Whether more than one other participant is refused with 400 instead of making a MIM.
  bool refuse_multi_party = false;
  /// Whether logins give a common JWT (`authorizationToken`) beside the session token.
  bool common_jwt_at_login = false;
  /// How long a common JWT lasts (documented: minutes).
  std::chrono::seconds common_jwt_lifetime{300};
  /// How long a feed's events stay hidden that were handed out and not acknowledged (the kits
  /// speak of 30 s).
  std::chrono::seconds feed_visibility{30};
  /// How long a feed lives that is not read.
  std::chrono::seconds feed_idle{1800};
  /// Events of one answer at most; undocumented.
  std::size_t feed_batch = 100;
  /// How long a read waits for an event.
  std::chrono::seconds feed_poll{30};
};

} // namespace tutti::emulator
