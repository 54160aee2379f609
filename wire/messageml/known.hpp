// What only a pod knows about a message: its users and instruments, and which addresses may be
// linked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tutti::messageml {

struct known_user {
  std::int64_t id = 0;
  /// As it is shown, without `@`.
  std::string name;
};

/// By default everybody and everything is known.
class known {
public:
  virtual ~known() = default;

  virtual std::optional<known_user> user(std::int64_t id) const {
    return known_user{id, std::to_string(id)};
  }
  virtual std::optional<known_user> user(std::string_view email) const {
    return known_user{0, std::string{email}};
  }
  /// Whether a link may begin so.
  virtual bool scheme_allowed(std::string_view scheme) const { return !scheme.empty(); }
};

} // namespace tutti::messageml
