// Certificates for a pod on the desk.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tutti::emulator {

/// A server's certificate and key, PEM, and the authority that vouches for it.
struct certificate {
  std::string chain;
  std::string key;
  std::string authority;
};

/// A fresh authority and a certificate of it for these DNS names and IPv4 addresses.
certificate make_certificate(const std::vector<std::string>& names,
                             std::chrono::hours valid = std::chrono::hours{24 * 90});

/// Reads a certificate chain and key from PEM files; throws std::runtime_error.
certificate load_certificate(const std::string& chain_path, const std::string& key_path);

} // namespace tutti::emulator
