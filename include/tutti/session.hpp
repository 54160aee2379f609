// A session token that does not get into a log by accident.
#pragma once

#include <tutti/export.hpp>

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>

namespace tutti {

/// What a login gave: the pod's session token, opaque (Login API: `Token.token`). Prints `***`.
class session {
public:
  /// No session.
  session() = default;
  explicit session(std::string token) noexcept : token_(std::move(token)) {}

  /// The secret itself, for the header of a request and nothing else.
  const std::string& reveal() const noexcept { return token_; }
  bool empty() const noexcept { return token_.empty(); }

  friend bool operator==(const session&, const session&) = default;
  friend std::ostream& operator<<(std::ostream& out, const session&) { return out << "***"; }

private:
  std::string token_;
};

/// `***`
inline std::string to_string(const session&) {
  return "***";
}

} // namespace tutti
