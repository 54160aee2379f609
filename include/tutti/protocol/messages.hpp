// messages: sends, updates and reads messages.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/event.hpp>
#include <tutti/identity.hpp>
#include <tutti/message.hpp>
#include <tutti/outgoing_message.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// By what a message is found again whose answer was lost: its entity data carry it. The same work
/// gives the same mark in another process.
struct send_marker {
  /// Empty: one is chosen, unless the configuration says `outbox.marker: none`.
  std::string text{};
  /// It may have been sent before, by this process or an earlier one: the stream's history is read
  /// first, from `since` on.
  bool doubtful = false;
  std::chrono::system_clock::time_point since{};
};

/// The mark of what is said to an event, as the number `said`: the same in every process that
/// handles the event. An event that has no name gives a mark by chance.
TUTTI_API send_marker marker_for(const event& what, int said);

/// What a handler says is tried until it is said, or the bot stops.
inline constexpr std::chrono::hours said_within{24};

struct cancel_send;

/// Ask: send a message (`POST /agent/v4/stream/{sid}/message/create`); answered by `message`. It is
/// sent once: when an answer is lost, the stream is searched for the message first. Errors: those
/// of `http_call`; `rejected` for a message that the agent refuses and for a file that cannot be
/// read; `not_entitled` for who is not in the stream.
struct send_message {
  using cancelled_by = cancel_send;

  identity as{};
  stream_id to{};
  outgoing_message what{};
  send_marker marker{};
  /// Until then what has failed for a reason that passes is tried again; 0: the agent's
  /// `readTimeout`.
  std::chrono::milliseconds timeout{0};
  call_ticket ticket{};
};

/// Tell: give up the send with that ticket; its asker gets `cancelled`, and does not know whether
/// it was sent.
struct cancel_send {
  call_ticket ticket;
};

/// Ask: replace a message of the caller's (`POST .../message/{mid}/update`); answered by the new
/// `message`. Errors: as above.
struct update_message {
  identity as{};
  stream_id in{};
  /// The message to replace: the newest form of it.
  std::string id{};
  outgoing_message what{};
  /// Whether readers are not notified.
  bool silent = true;
  send_marker marker{};
  std::chrono::milliseconds timeout{0};
};

/// Ask: hide a message of the caller's (`POST /pod/v1/admin/messagesuppression/{id}/suppress`).
/// Errors: those of `http_call`, `not_entitled`, `rejected`, `protocol_error`.
struct suppress_message {
  identity as{};
  std::string id{};
};
/// Answer: it is hidden.
struct message_suppressed {};

/// Ask: a message by its id (`GET /agent/v1/message/{id}`). Errors: as above.
struct get_message {
  identity as{};
  std::string id{};
};
/// Answer: nothing when it is not there or the caller does not see it.
struct message_found {
  std::optional<message> found;
};

/// Ask: messages of a stream, the oldest first (`GET /agent/v4/stream/{sid}/message`), each once,
/// however many there are in one millisecond. Errors: as above.
struct list_messages {
  static constexpr bool takes_long = true;

  identity as{};
  stream_id in{};
  std::chrono::system_clock::time_point since{};
  std::optional<std::chrono::system_clock::time_point> until{};
  /// At most; read in pages of 500.
  std::size_t limit = 50;
};
/// Answer: they.
struct messages_listed {
  std::vector<message> messages;
};

/// Ask: messages that the caller sees (`POST /agent/v1/message/search`); answered by
/// `messages_listed`, the newest first. At least one of the conditions must be given. Errors: as
/// above.
struct search_messages {
  identity as{};
  /// Words that it holds; needs `in`.
  std::string text{};
  std::optional<stream_id> in{};
  /// `CHAT` (IMs and MIMs), `IM`, `MIM`, `ROOM` or `POST`; empty: all.
  std::string stream_type{};
  std::optional<user_id> author{};
  /// Without `#` and `$`.
  std::string hashtag{};
  std::string cashtag{};
  std::optional<user_id> mention{};
  std::optional<std::chrono::system_clock::time_point> from{};
  std::optional<std::chrono::system_clock::time_point> to{};
  std::size_t skip = 0;
  /// At most, 1,000 with one question.
  std::size_t limit = 50;
};

/// Ask: a file of a message (`GET /agent/v1/stream/{sid}/attachment`). Errors: as above.
struct read_attachment {
  identity as{};
  stream_id in{};
  std::string message_id{};
  /// `attachment_info::id`.
  std::string file_id{};
};
/// Answer: its bytes.
struct attachment_read {
  std::string content;
};

/// Ask: one message to many streams (`POST /agent/v4/message/blast`), a hundred with each call.
/// Never fails as a whole, but with `rejected` for a file that cannot be read.
struct blast_message {
  static constexpr bool takes_long = true;

  identity as{};
  std::vector<stream_id> to{};
  outgoing_message what{};
};
/// Answer: an outcome for each stream, in the order of `to`.
struct message_blasted {
  std::vector<std::pair<stream_id, result<message>>> outcomes;
};

/// Handle of the messages actor.
using messages_actor =
    caf::typed_actor<caf::replies_to<send_message>::with<message>, caf::reacts_to<cancel_send>,
                     caf::replies_to<update_message>::with<message>,
                     caf::replies_to<suppress_message>::with<message_suppressed>,
                     caf::replies_to<get_message>::with<message_found>,
                     caf::replies_to<list_messages>::with<messages_listed>,
                     caf::replies_to<search_messages>::with<messages_listed>,
                     caf::replies_to<read_attachment>::with<attachment_read>,
                     caf::replies_to<blast_message>::with<message_blasted>>;

} // namespace tutti

// Not inspectable: message texts never leave the process as actor messages.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::send_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::cancel_send)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::update_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::suppress_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::message_suppressed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::get_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::message_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::list_messages)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::messages_listed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::search_messages)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::read_attachment)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::attachment_read)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::blast_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::message_blasted)
