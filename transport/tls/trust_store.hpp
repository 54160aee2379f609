// Certificate authorities from a file or a text.
#pragma once

#include <tutti/config.hpp>
#include <tutti/result.hpp>

#include <openssl/x509.h>

namespace tutti::transport {

/// Adds the authorities of the configured trust store, if there is one. Fails with
/// `errc::misconfigured`; a JKS file with the line that converts it.
result<void> add_trust_store(X509_STORE* into, const tls_config& settings);

} // namespace tutti::transport
