// Messages of the agent, and their suppression at the pod.
#pragma once

#include <tutti/export.hpp>
#include <tutti/http_message.hpp>
#include <tutti/message.hpp>
#include <tutti/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::wire {

/// What a message is sent as.
struct form_content {
  std::string_view messageml;
  /// JSON; empty: none.
  std::string data{};
  struct file {
    std::string name;
    std::string content_type;
    std::shared_ptr<const body_source> content;
  };
  std::vector<file> files{};
};

/// Whether entity data can carry a mark: they may also be a text that holds JSON.
bool takes_marker(std::string_view data);
/// The entity data with a mark by which the message is found again.
std::string with_marker(std::string_view data, std::string_view marker);
/// Whether they carry that mark.
bool has_marker(std::string_view data, std::string_view marker);

/// `POST /agent/v4/stream/{sid}/message/create`. `boundary` occurs in no part.
http_request create_message(const stream_id& where, const form_content& what,
                            std::string_view boundary);
/// `POST /agent/v4/stream/{sid}/message/{mid}/update`
http_request update_message(const stream_id& where, std::string_view id, const form_content& what,
                            bool silent, std::string_view boundary);
/// `POST /agent/v4/message/blast`, to a hundred streams at most.
http_request blast_message(const std::vector<stream_id>& where, const form_content& what,
                           std::string_view boundary);
/// The message that a create or an update has made.
result<message> read_sent(std::string_view what, const http_response& answer);

/// What a blast came to.
struct blast_result {
  std::vector<message> sent;
  /// By stream, url-safe: what the agent says.
  std::vector<std::pair<std::string, failure>> failed;
};
result<blast_result> read_blast(const http_response& answer);

/// `GET /agent/v1/message/{id}`
http_request get_message(std::string_view id);
/// Nothing for 204: it is not there, or the caller does not see it.
result<std::optional<message>> read_found(const http_response& answer);

/// `GET /agent/v4/stream/{sid}/message?since=...&skip=...&limit=...`. `skip` counts the messages of
/// the very millisecond `since` only.
http_request list_messages(const stream_id& where, std::int64_t since,
                           std::optional<std::int64_t> until, std::size_t skip, std::size_t limit);
/// An empty list for 204.
result<std::vector<message>> read_messages(const http_response& answer);

/// What is searched for; what is empty does not matter.
struct message_query {
  std::string text;
  std::string stream;
  std::string stream_type;
  std::int64_t author = 0;
  std::string hashtag;
  std::string cashtag;
  std::int64_t mention = 0;
  std::int64_t from = 0;
  std::int64_t to = 0;
};
/// `POST /agent/v1/message/search?skip=...&limit=...`; read by `read_messages`.
http_request search_messages(const message_query& query, std::size_t skip, std::size_t limit);

/// `POST /pod/v1/admin/messagesuppression/{id}/suppress`
http_request suppress_message(std::string_view id);
result<void> read_suppressed(const http_response& answer);

/// `GET /agent/v1/stream/{sid}/attachment?fileId=...&messageId=...`
http_request attachment(const stream_id& where, std::string_view message_id,
                        std::string_view file_id);
/// Its bytes, decoded.
result<std::string> read_attachment(const http_response& answer);

} // namespace tutti::wire
