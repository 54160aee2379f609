// Whether a certificate that is otherwise good was revoked: lists (CRL) and stapled answers (OCSP).
#pragma once

#include <tutti/result.hpp>

#include <openssl/ssl.h>

#include <string>

namespace tutti::transport {

/// Has every certificate looked up in the lists of `place`, a PEM file or a folder of them. Reads
/// files: not on the loop. Fails with `errc::misconfigured`.
result<void> add_revocation_lists(X509_STORE* into, const std::string& place);

/// What the host's stapled answer says of its certificate; asked for with the handshake.
enum class stapled {
  /// It is good; or no answer came, and none is required.
  good,
  /// The certificate was revoked.
  revoked,
  /// None came, and the certificate says that one must (RFC 7633).
  missing,
  /// It is not signed by whom it should be, out of date, or about another certificate.
  unusable,
};

/// Reads it within the handshake; the certificate of the connection has been verified by then.
stapled read_stapled(SSL* connection);

} // namespace tutti::transport
