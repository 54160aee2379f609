// A session token that does not get into a log by accident.
#pragma once

#include <tutti/export.hpp>

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

namespace tutti {

/// What a login gave: the pod's session token, opaque (Login API: `Token.token`), and in its place
/// for calls a common JWT, where the pod gives one and the bot wants it; for calls to the agent the
/// token of the key manager as well. Prints `***`.
class session {
public:
  /// No session.
  session() = default;
  explicit session(std::string token) noexcept : token_(std::move(token)) {}
  /// `authorization`: what the header `Authorization` carries, e.g. `Bearer ey...`.
  session(std::string token, std::string authorization) noexcept
      : token_(std::move(token)), authorization_(std::move(authorization)) {}

  /// The secret itself, for the header of a request and nothing else.
  const std::string& reveal() const noexcept { return token_; }
  /// The same; empty: calls carry the token itself.
  const std::string& authorization() const noexcept { return authorization_; }
  bool empty() const noexcept { return token_.empty(); }

  /// This one with the key manager's token (`POST /relay/pubkey/authenticate`).
  session with_keys(std::string key_manager_token) const {
    auto made = *this;
    made.keys_ = std::move(key_manager_token);
    return made;
  }
  /// The key manager's token, a secret as well; empty: there is none.
  const std::string& keys() const noexcept { return keys_; }

  friend bool operator==(const session&, const session&) = default;
  friend std::ostream& operator<<(std::ostream& out, const session&) { return out << "***"; }

private:
  std::string token_;
  std::string authorization_;
  std::string keys_;
};

/// `***`
inline std::string to_string(const session&) {
  return "***";
}

} // namespace tutti
