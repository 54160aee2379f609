// The ways a request to Tutti can fail, and the words that travel with a failure.
#pragma once

#include <tutti/export.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tutti {

/// What went wrong, as far as a caller can act on it differently.
enum class errc : std::uint8_t {
  /// The participants given cannot form the conversation asked for.
  invalid_participants = 1,
  /// More than one other participant: Symphony no longer supports it; open a room.
  multi_party_unsupported,
  /// No user with that id is visible to the caller.
  unknown_user,
  /// The caller lacks an entitlement; an administrator of the pod can give it.
  not_entitled,
  /// The external user has not accepted a connection with the caller.
  not_connected,
  /// The pod does not accept the bot's user name or key; repeating does not help.
  login_refused,
  /// The session was refused even after a renewal.
  unauthorized,
  /// The pod refused the request for a reason of its own, which `failure::detail` gives.
  rejected,
  /// The pod asked to slow down (HTTP 429); the detail says for how long, when the pod did.
  rate_limited,
  /// Too many requests wait in this process already; nothing was sent.
  overloaded,
  /// The caller's deadline passed.
  deadline_exceeded,
  /// The caller took the request back.
  cancelled,
  /// The host could not be found or reached, or the connection broke.
  unreachable,
  /// The TLS handshake failed or the certificate is not trusted.
  tls_failed,
  /// The answer was not what the API documents.
  protocol_error,
  /// The bot is stopping.
  shutting_down,
  /// The configuration cannot be worked with; `failure::detail` names file, line and key.
  misconfigured,
  /// A defect in Tutti; please report it.
  internal,
};

/// One more than the largest enumerator.
inline constexpr std::size_t errc_count = static_cast<std::size_t>(errc::internal) + 1;

/// The enumerator's name, as written in logs and in the output of `tutti`.
TUTTI_API std::string_view to_string(errc code) noexcept;

/// An error with what a reader needs to act on it.
struct failure {
  /// What went wrong.
  errc error = errc::internal;
  /// What happened, where, and the way out; the pod's own words are quoted in it.
  std::string detail;
  /// The HTTP status the pod answered, 0 without an answer.
  int status = 0;
  /// Distinguishes causes of one `errc`, stable across versions; may be empty.
  std::string code;

  friend bool operator==(const failure&, const failure&) = default;
};

/// `errc: detail`, for people.
TUTTI_API std::string to_string(const failure& why);

} // namespace tutti
