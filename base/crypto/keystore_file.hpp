// What certificates and keys come in: PEM or PKCS#12, from a file or a text of the configuration.
#pragma once

#include <base/crypto/openssl.hpp>

#include <tutti/config.hpp>
#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <string>

namespace tutti::crypto {

/// A store as the configuration names it.
struct store_source {
  secret_config given;
  /// Its map of keys in the configuration, e.g. `ssl.trustStore`.
  std::string place;
  /// What a complaint about it is.
  errc kind = errc::misconfigured;
  std::string code;

  /// The file, or what stands for it.
  TUTTI_FRONT_DOOR std::string name() const;
  TUTTI_FRONT_DOOR failure wrong(const std::string& what) const;
};

/// The store's bytes: PEM, or else what should be PKCS#12. Reads a file: not on the loop. A JKS
/// file is refused with the line that converts it.
TUTTI_FRONT_DOOR result<std::string> read_store(const store_source& where);

bool is_pem(const std::string& bytes);

/// What a PKCS#12 store holds; any part may be missing.
struct store_content {
  key_ptr key;
  certificate_ptr own;
  certificates_ptr others;
};

result<store_content> open_pkcs12(const std::string& bytes, const store_source& where);

} // namespace tutti::crypto
