// What a search asks the agent.
#pragma once

#include <actors/requests/history_pages.hpp>
#include <wire/agent/messages.hpp>

#include <tutti/protocol/messages.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace tutti {

inline http_request search_request(const search_messages& asked) {
  constexpr std::size_t most = 1'000;
  auto millis = [](const std::optional<std::chrono::system_clock::time_point>& at) {
    return at ? history_pages::millis(*at) : 0;
  };
  wire::message_query query;
  query.text = asked.text;
  query.stream = asked.in ? asked.in->text() : std::string{};
  query.stream_type = asked.stream_type;
  query.author = asked.author ? asked.author->value() : 0;
  query.hashtag = asked.hashtag;
  query.cashtag = asked.cashtag;
  query.mention = asked.mention ? asked.mention->value() : 0;
  query.from = millis(asked.from);
  query.to = millis(asked.to);
  return wire::search_messages(query, asked.skip, std::min(asked.limit, most));
}

} // namespace tutti
