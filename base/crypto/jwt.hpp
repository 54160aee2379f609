// The signed statement a bot logs in with.
#pragma once

#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tutti::crypto {

/// How far ahead a login JWT expires. Symphony accepts at most 300 s; the rest is clock skew.
inline constexpr std::chrono::seconds login_jwt_lifetime{240};

/// A fresh RSA key, both halves PEM.
struct key_pair {
  std::string private_half;
  std::string public_half;
};

/// Takes up to seconds at 4096 bit. Fails with `errc::internal`.
TUTTI_FRONT_DOOR result<key_pair> make_key_pair(int bits);

/// A parsed RSA private key; parsing costs more than signing, so keep it. Prints nothing.
class signing_key {
public:
  /// Reads PEM (PKCS#1 or PKCS#8), or the base64 of a PEM file as the Java kit has it. `source`
  /// names it in errors, and `place` its map in the configuration; `password` is for an encrypted
  /// one. Fails with `errc::login_refused` and one of the codes key, key_encrypted, key_not_rsa,
  /// key_too_short.
  static result<signing_key> parse(std::string_view text, std::string_view source,
                                   const std::string& password = {},
                                   std::string_view place = "bot.privateKey");

  /// A JWT (RS512) with claims `sub` and `exp`. 0.3 ms at 2048 bit, 3.6 ms at 4096: not on the
  /// loop.
  TUTTI_FRONT_DOOR result<std::string> sign_login(std::string_view subject,
                                                  std::chrono::system_clock::time_point now) const;

  /// Modulus size.
  TUTTI_FRONT_DOOR int bits() const;

  /// What a certificate (PEM) says beside this key; fails with `misconfigured` for a text that is
  /// none. `source` names it.
  struct certificate_facts {
    bool of_this_key = false;
    bool in_force = false;
    /// e.g. `Nov 23 10:00:00 2027 GMT`.
    std::string ends;
  };
  TUTTI_FRONT_DOOR result<certificate_facts> look_at(std::string_view certificate,
                                                     std::string_view source) const;

private:
  struct impl;
  explicit signing_key(std::shared_ptr<const impl> key) : key_(std::move(key)) {}

  std::shared_ptr<const impl> key_;
};

} // namespace tutti::crypto
