// Datafeed 2 of the agent: /agent/v5/datafeeds; the datahose: /agent/v5/events/read.
#pragma once

#include <tutti/export.hpp>
#include <tutti/http_message.hpp>
#include <tutti/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tutti::wire {

/// The tag of a bot's feed: the one that is configured, else its user name, as much of it as a tag
/// may have (100 characters).
TUTTI_FRONT_DOOR std::string feed_tag(const std::string& configured, const std::string& username);

/// `GET /agent/v5/datafeeds?tag=...`; an empty tag: all.
TUTTI_FRONT_DOOR http_request list_feeds(std::string_view tag);
/// The ids of those that are feeds of a bot (`..._f`, `..._f_...`), in the order of the answer.
TUTTI_FRONT_DOOR result<std::vector<std::string>> read_feeds(const http_response& answer);

/// `POST /agent/v5/datafeeds`. A pod answers the feed that has that tag already, or makes another.
http_request create_feed(std::string_view tag, bool include_invisible);
/// Its id.
result<std::string> read_feed(const http_response& answer);

/// `POST /agent/v5/datafeeds/{id}/read`, a long poll. `ack_id`: of the last answer; empty at first.
http_request poll_feed(std::string_view id, std::string_view ack_id, bool update_presence);

/// What is read of the datahose.
struct datahose_wish {
  std::string tag;
  std::vector<std::string> types;
  /// Empty: all.
  std::vector<std::string> scopes;
};

/// The tag of a bot's datahose: the one that is configured, else `datahose-` and its user name, as
/// much of it as a tag may have (80 characters).
TUTTI_FRONT_DOOR std::string datahose_tag(const std::string& configured,
                                          const std::string& username);

/// `POST /agent/v5/events/read`, a long poll answered as one of a feed.
TUTTI_FRONT_DOOR http_request poll_datahose(const datahose_wish& wanted, std::string_view ack_id,
                                            bool update_presence);

/// `DELETE /agent/v5/datafeeds/{id}`
http_request delete_feed(std::string_view id);

} // namespace tutti::wire
