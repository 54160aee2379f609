// How two users of different companies stand.
#pragma once

#include <tutti/ids.hpp>

#include <chrono>

namespace tutti {

/// A connection as the caller sees it (schema UserConnection, `status`).
enum class connection_status : std::uint8_t {
  none,
  pending_incoming,
  pending_outgoing,
  accepted,
  rejected,
};

/// The spelling of the API, `NONE` for none.
TUTTI_API std::string_view to_string(connection_status status) noexcept;

/// One connection of the caller.
struct user_connection {
  user_id user;
  connection_status status = connection_status::none;
  /// 1970 where the pod does not tell, as for users of the caller's own pod.
  std::chrono::system_clock::time_point first_requested{};
  std::chrono::system_clock::time_point updated{};

  friend bool operator==(const user_connection&, const user_connection&) = default;
};

} // namespace tutti
