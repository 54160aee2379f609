// A stream: the container of messages that IMs, rooms and walls have in common.
#pragma once

#include <tutti/ids.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {

/// What a stream is (schema StreamType; in v2 an open text).
enum class stream_type : std::uint8_t {
  /// One to one.
  im,
  /// Several, fixed; no longer supported by Symphony.
  mim,
  room,
  /// A user's wall.
  post,
  /// A type this version does not know.
  other,
};

/// The spelling of the API; `OTHER`.
TUTTI_API std::string_view to_string(stream_type type) noexcept;

/// A stream as its members see it (schemas StreamAttributes and V2StreamAttributes).
struct stream {
  stream_id id;
  stream_type type = stream_type::other;
  /// With users of other companies.
  bool cross_pod = false;
  /// False for an IM with a deactivated user and a room that was switched off.
  bool active = true;
  /// Of an IM, MIM or wall. Those of a room: `list_room_members`.
  std::vector<user_id> members;
  /// Of a room.
  std::string room_name;
  /// 1970 where the pod does not tell, as in lists.
  std::chrono::system_clock::time_point last_message{};

  friend bool operator==(const stream&, const stream&) = default;
};

/// A member with what an administrator sees (schema V2MemberInfo).
struct stream_member {
  user_id user;
  std::string display_name;
  /// Withheld for users of other companies.
  std::string email;
  std::string company;
  bool external = false;
  bool owner = false;
  bool creator = false;
  std::chrono::system_clock::time_point joined{};

  friend bool operator==(const stream_member&, const stream_member&) = default;
};

} // namespace tutti
