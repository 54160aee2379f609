// The certificate by which a bot or an app shows who it is.
#pragma once

#include <base/crypto/keystore_file.hpp>

#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace tutti::crypto {

/// A certificate, its key and the chain above it; prints nothing.
class client_certificate {
public:
  /// From the bytes of a store (see `read_store`). Fails with what `where` says is wrong: no
  /// certificate, no key, a key that is another's, a wrong password, not valid now.
  TUTTI_FRONT_DOOR static result<std::shared_ptr<const client_certificate>>
  parse(const std::string& bytes, const store_source& where);

  /// Reads and parses it; the bytes are overwritten. Reads a file: not on the loop.
  TUTTI_FRONT_DOOR static result<std::shared_ptr<const client_certificate>>
  load(const store_source& where);

  /// Shows it when the host asks. False: OpenSSL does not take it.
  [[nodiscard]] bool use(SSL* connection) const;

  /// The common name of its subject: whom the pod takes it for.
  TUTTI_FRONT_DOOR std::string name() const;
  /// Whether its time is not over.
  bool in_force() const;
  /// e.g. `2027-11-23 10:00 UTC`.
  TUTTI_FRONT_DOOR std::string ends() const;

private:
  client_certificate() = default;

  key_ptr key_;
  certificate_ptr own_;
  certificates_ptr above_;
};

} // namespace tutti::crypto
