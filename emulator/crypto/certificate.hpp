// Certificates for a pod on the desk.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tutti::emulator {

/// A server's certificate and key, PEM, and the authority that vouches for it and for clients.
struct certificate {
  std::string chain;
  std::string key;
  std::string authority;
  /// Empty for one that was not made here.
  std::string authority_key;
};

/// A fresh authority and a certificate of it for these DNS names and IPv4 addresses.
certificate make_certificate(const std::vector<std::string>& names,
                             std::chrono::hours valid = std::chrono::hours{24 * 90});

/// A client's certificate and key in one PEM text, of the same authority; `name` is the account's.
std::string make_client_certificate(const certificate& of, const std::string& name,
                                    std::chrono::hours valid = std::chrono::hours{24 * 90});

/// The same as PKCS#12.
std::string as_pkcs12(const std::string& pem, const std::string& password);

/// A certificate (PEM) for that private key, vouched for by itself.
std::string self_signed(const std::string& private_pem, const std::string& name);

/// Reads a certificate chain and key from PEM files; throws std::runtime_error.
certificate load_certificate(const std::string& chain_path, const std::string& key_path);

} // namespace tutti::emulator
