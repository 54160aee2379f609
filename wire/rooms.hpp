// Calls about rooms (Pod API 20.17.1); part of endpoints.hpp.
#pragma once

#include <tutti/http_message.hpp>
#include <tutti/result.hpp>
#include <tutti/room.hpp>

#include <optional>
#include <string>
#include <vector>

namespace tutti::wire {

/// Most rooms one search answers.
inline constexpr std::size_t max_rooms_per_call = 100;

/// `POST /pod/v3/room/create`. On behalf of a user the app needs `CREATE_USER_STREAM` or
/// `MANAGE_ROOMS`, for the others `MANAGE_ROOMS`. Not repeat-safe: the second finds its name taken.
http_request create_room(const room_attributes& attributes);
/// Also the answer of `room_info`.
result<room> read_room(const http_response& answer);

/// `GET /pod/v3/room/{id}/info`
http_request room_info(const stream_id& id);

/// `POST /pod/v1/room/{id}/membership/add` and `/remove`: one user.
http_request add_room_member(const stream_id& room, user_id user);
http_request remove_room_member(const stream_id& room, user_id user);
result<void> read_member_change(const http_response& answer);

/// `GET /pod/v2/room/{id}/membership/list`
http_request room_membership(const stream_id& room);
result<std::vector<room_member>> read_room_members(const http_response& answer);

/// What is looked for.
struct room_query {
  std::string text;
  std::optional<user_id> member;
  std::optional<bool> active;
};

/// `POST /pod/v3/room/search?skip=&limit=`
http_request search_rooms(const room_query& wanted, std::size_t skip, std::size_t limit);
/// How many match in all, and this part of them.
struct rooms_page {
  std::size_t count = 0;
  std::vector<room> rooms;
};
result<rooms_page> read_rooms(const http_response& answer);

} // namespace tutti::wire
