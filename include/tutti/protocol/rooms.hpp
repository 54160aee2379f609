// rooms: creates rooms, adds and removes their members at the pace the pod bears, finds them.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/identity.hpp>
#include <tutti/room.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tutti {

struct cancel_room_work;

/// Ask: a new room with these members (the caller is one, and its owner). Answered when every
/// member has been added or has failed to be, at the documented pace of 3 a second, beyond 500
/// members one in 3 seconds. Errors, when there is no room: those of `http_call`, `not_entitled`,
/// `rejected` (a name that is taken, compliance), `protocol_error`. After a lost answer the room
/// may exist.
struct create_room {
  using cancelled_by = cancel_room_work;
  static constexpr bool takes_long = true;

  identity as{};
  room_attributes attributes{};
  /// Any order; repetition and the caller's own id do no harm.
  std::vector<user_id> members{};
  /// Members not added by then are answered with `deadline_exceeded`; 0: as long as it takes.
  std::chrono::milliseconds timeout{0};
  /// Names this request for `cancel_room_work`; may be empty.
  call_ticket ticket{};
};

/// Answer: the room, and one outcome for each member asked for, in that order, each once.
struct room_created {
  room made;
  std::vector<member_outcome> members;
};

/// Ask: add these users to a room, at that pace. Who is in it already is not added again. Errors:
/// none; each user has an outcome of its own.
struct add_room_members {
  using cancelled_by = cancel_room_work;
  static constexpr bool takes_long = true;

  identity as{};
  stream_id room{};
  std::vector<user_id> users{};
  /// As of `create_room`.
  std::chrono::milliseconds timeout{0};
  call_ticket ticket{};
};

/// Ask: remove these users from a room, at that pace; as `add_room_members`.
struct remove_room_members {
  using cancelled_by = cancel_room_work;
  static constexpr bool takes_long = true;

  identity as{};
  stream_id room{};
  std::vector<user_id> users{};
  std::chrono::milliseconds timeout{0};
  call_ticket ticket{};
};

/// Answer: one outcome for each user, in the order asked for, each once.
struct room_members_changed {
  std::vector<member_outcome> users;
};

/// Tell: stop adding or removing; those not reached are answered with `cancelled`.
struct cancel_room_work {
  call_ticket ticket;
};

/// Ask: a room by its id; answered by `room`. Errors: those of `http_call`, `not_entitled`,
/// `rejected` (no room, or none the caller sees), `protocol_error`.
struct get_room {
  identity as{};
  stream_id id{};
};

/// Ask: who is in it. Errors: as of `get_room`.
struct list_room_members {
  identity as{};
  stream_id room{};
};

/// Answer: its members.
struct room_members {
  std::vector<room_member> members;
};

/// Ask: rooms the caller may see, of which the text is part of name, description or keywords.
/// Errors: as of `get_room`.
struct find_rooms {
  identity as{};
  std::string text{};
  /// Only those this user is a member of.
  std::optional<user_id> member{};
  std::optional<bool> active{};
  /// So many are left out at the beginning.
  std::size_t skip = 0;
  /// So many are answered at most, 100 in one call of the pod (`POST /pod/v3/room/search`).
  std::size_t limit = 100;
};

/// Answer: some of those that match.
struct rooms_found {
  /// How many match in all.
  std::size_t count = 0;
  std::vector<room> rooms;
};

/// Handle of the rooms actor.
using rooms_actor =
    caf::typed_actor<caf::replies_to<create_room>::with<room_created>,
                     caf::replies_to<add_room_members>::with<room_members_changed>,
                     caf::replies_to<remove_room_members>::with<room_members_changed>,
                     caf::reacts_to<cancel_room_work>, caf::replies_to<get_room>::with<room>,
                     caf::replies_to<list_room_members>::with<room_members>,
                     caf::replies_to<find_rooms>::with<rooms_found>>;

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::create_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::room_created)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::add_room_members)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::remove_room_members)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::room_members_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::cancel_room_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::get_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::list_room_members)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::room_members)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::find_rooms)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::rooms_found)
