// Login JWTs as the pod checks them, and key pairs for bots on the desk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace tutti::emulator {

struct jwt_claims {
  std::string subject;
  /// Seconds since the epoch.
  std::int64_t expires = 0;
};

/// The claims of a token that says RS512 and has `sub` and `exp`; nothing for anything else.
std::optional<jwt_claims> read_jwt(const std::string& token);

/// Whether the token's signature was made with the private half of that PEM public key.
bool signed_by(const std::string& token, const std::string& public_key);

/// A token (RS512) with these claims, a JSON object.
std::string make_jwt(const std::string& claims, const std::string& private_pem);

/// The modulus and exponent of a public RSA key (PEM), as a JWKS holds them: base64url.
std::pair<std::string, std::string> rsa_numbers(const std::string& public_pem);

struct key_pair {
  std::string private_pem;
  std::string public_pem;
};

/// A fresh RSA key (2048 bit).
key_pair make_key_pair();

/// The public half (PEM) of a private RSA key; empty for anything else.
std::string public_half(const std::string& private_pem);

} // namespace tutti::emulator
