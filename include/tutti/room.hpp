// A chat room as the API describes it.
#pragma once

#include <tutti/ids.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tutti {

/// A search label of a room.
struct room_keyword {
  std::string key;
  std::string value;

  friend bool operator==(const room_keyword&, const room_keyword&) = default;
};

/// What a room is made with (schema V3RoomAttributes). What is not given is the pod's choice: a
/// private room. The pod refuses contradictions, such as a public room that no user may
/// discover.
struct room_attributes {
  /// Shorter than 50 characters, and the pod's only one of that name (case and spaces do not
  /// count).
  std::string name;
  std::string description;
  std::vector<room_keyword> keywords;
  std::optional<bool> members_can_invite;
  std::optional<bool> discoverable;
  /// Needs the entitlement `canCreatePublicRoom`.
  std::optional<bool> is_public;
  std::optional<bool> read_only;
  std::optional<bool> copy_protected;
  /// For users of other companies; needs the entitlement `isExternalRoomEnabled`.
  std::optional<bool> cross_pod;
  std::optional<bool> view_history;
  /// For more than two companies; needs the entitlement `canCreateMultiLateralRoom`.
  std::optional<bool> multi_lateral;

  friend bool operator==(const room_attributes&, const room_attributes&) = default;
};

/// A room there is (schema V3RoomDetail).
struct room {
  stream_id id;
  room_attributes attributes;
  /// False: an owner or administrator has switched it off.
  bool active = true;
  /// No user where the pod does not tell.
  user_id creator;
  std::chrono::system_clock::time_point created;

  friend bool operator==(const room&, const room&) = default;
};

/// A member of a room (schema MemberInfo).
struct room_member {
  user_id user;
  bool owner = false;
  std::chrono::system_clock::time_point joined;

  friend bool operator==(const room_member&, const room_member&) = default;
};

/// What became of one user that was to be added or removed.
struct member_outcome {
  user_id user;
  /// Nothing: done.
  std::optional<failure> why_not;
};

} // namespace tutti
