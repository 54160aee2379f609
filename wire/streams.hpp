// Calls about streams (Pod API 20.17.1); part of endpoints.hpp.
#pragma once

#include <tutti/http_message.hpp>
#include <tutti/result.hpp>
#include <tutti/stream.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace tutti::wire {

/// `other` for a word that is unknown.
stream_type read_stream_type(std::string_view word);

/// `GET /pod/v2/streams/{sid}/info`. On behalf of a user the documents name `SEND_MESSAGES` for v1.
http_request stream_info(const stream_id& id);
result<stream> read_stream(const http_response& answer);

/// `POST /pod/v1/streams/list?skip=&limit=`. On behalf of a user the app needs `LIST_USER_STREAMS`.
http_request own_streams(std::span<const stream_type> types, bool include_inactive,
                         std::size_t skip, std::size_t limit);
result<std::vector<stream>> read_streams(const http_response& answer);

/// `GET /pod/v1/admin/stream/{id}/membership/list?skip=&limit=` (role User Provisioning).
http_request stream_membership(const stream_id& id, std::size_t skip, std::size_t limit);
/// How many there are in all, and this part of them.
struct stream_members_page {
  std::size_t count = 0;
  std::vector<stream_member> members;
};
result<stream_members_page> read_stream_members(const http_response& answer);

} // namespace tutti::wire
