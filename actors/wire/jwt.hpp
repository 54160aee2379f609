// The signed statement a bot logs in with.
#pragma once

#include <tutti/result.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace tutti::wire {

/// How far ahead a login JWT expires. Symphony accepts at most 300 s; the rest is clock skew.
inline constexpr std::chrono::seconds login_jwt_lifetime{240};

/// A parsed RSA private key; parsing costs more than signing, so keep it. Prints nothing.
class signing_key {
public:
  /// Reads PEM (PKCS#1 or PKCS#8). `source` names it in errors. Fails with `errc::login_refused`.
  static result<signing_key> parse(std::string_view pem, std::string_view source);

  /// A JWT (RS512) with claims `sub` and `exp`. 0.3 ms at 2048 bit, 3.6 ms at 4096: not on the
  /// loop.
  result<std::string> sign_login(std::string_view subject,
                                 std::chrono::system_clock::time_point now) const;

private:
  struct impl;
  explicit signing_key(std::shared_ptr<const impl> key) : key_(std::move(key)) {}

  std::shared_ptr<const impl> key_;
};

} // namespace tutti::wire
