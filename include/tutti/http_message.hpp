// An HTTP request and its answer, as values.
#pragma once

#include <tutti/body_source.hpp>
#include <tutti/export.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tutti {

/// The parts a Symphony deployment consists of; each may have a host of its own.
enum class service : std::uint8_t { pod, agent, key_manager, session_auth };
/// So many `service` has.
inline constexpr std::size_t service_count = 4;

/// The methods Symphony's API uses.
enum class http_method : std::uint8_t { get, post, put, del };

/// As on the wire, e.g. `GET`.
TUTTI_API std::string_view to_string(http_method method) noexcept;

/// One request, without what the connection and the session add.
struct http_request {
  http_method method = http_method::get;
  /// Path and query, percent-encoded, e.g. `/pod/v1/im/create`.
  std::string target;
  /// Empty for none; JSON, unless `headers` has a `Content-Type`.
  std::string body;
  /// Whether the pod may see it twice without harm (only then is a lost answer asked for again).
  bool repeat_safe = false;
  /// Further header lines, each `name: value\r\n`; may hold a secret.
  std::string headers{};
  /// The end of the body, after `body`, when it is too large to be held; null: there is no more.
  std::shared_ptr<const body_source> rest{};

  friend bool operator==(const http_request&, const http_request&) = default;
};

/// One answer, with the few headers Tutti acts on.
struct http_response {
  int status = 0;
  /// Bytes as received, transfer coding removed.
  std::string body;
  /// `Content-Type`, kept when it is something else than JSON.
  std::string content_type;
  /// `Location` of a redirect (3xx), which is never followed.
  std::string location;
  /// `Retry-After` in seconds; a date is measured against the answer's own `Date`.
  std::optional<std::uint32_t> retry_after;
  /// `Date` of a refusal (status 400 and above) as received: it shows whether a clock is wrong.
  std::string date;
  /// The id the request carried (`X-Trace-Id`); an administrator finds it in the pod's logs.
  std::string trace;
  /// The call might have been repeated and was not: the retry budget was spent.
  bool budget_spent = false;
  /// What of the request must not be quoted (its session, a login's proof), for a host that repeats
  /// the request in its error; null: nothing.
  std::shared_ptr<const std::string> secrets;
};

} // namespace tutti
