// Reads what a feed hands out.
#pragma once

#include <tutti/event.hpp>
#include <tutti/export.hpp>
#include <tutti/http_message.hpp>
#include <tutti/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tutti::wire {

/// An event as it came, with the few facts that it is filed under.
struct raw_event {
  event_kind kind = event_kind::other;
  /// What makes it the same event in another batch: type and message id, of a form reply the user
  /// as well; empty for one that has no message id.
  std::string key;
  /// Empty for events of connections. In the url-safe dialect.
  std::string stream;
  /// Milliseconds since 1970 by the agent's clock.
  std::int64_t at = 0;
  user_id initiator;
  /// JSON, the bytes as received.
  std::string body;
};

struct event_batch {
  std::vector<raw_event> events;
  std::string ack_id;
  /// Rows that are no event: null, or without a type.
  std::size_t unreadable = 0;
};

/// The answer of a read. Anything but a 200 with an ackId is a failure.
TUTTI_FRONT_DOOR result<event_batch> read_events(const http_response& answer);

/// The messages of a history (`GET /agent/v4/stream/{sid}/message`) as the events by which a feed
/// would have brought them, with the same keys. A stream that is empty answers 204.
result<std::vector<raw_event>> read_history_events(const http_response& answer);

/// All of an event; what is missing in it stays empty. A failure for what is no event.
TUTTI_FRONT_DOOR result<event> read_event(std::string_view body);

} // namespace tutti::wire
