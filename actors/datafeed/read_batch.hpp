// What the journal keeps of a batch that was read.
#pragma once

#include <wire/agent/events.hpp>
#include <wire/endpoints.hpp>

#include <tutti/store.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace tutti {

/// Its own clock, where it says so; else ours.
inline std::chrono::system_clock::time_point agent_time(const http_response& answer) {
  const auto now = std::chrono::system_clock::now();
  return now + std::chrono::seconds{wire::seconds_ahead(answer.date, now).value_or(0)};
}

/// By the agent's clock, until when the feed has been read: what waits in it still is newer than
/// what was read.
inline std::chrono::system_clock::time_point read_until(const wire::event_batch& batch,
                                                        const http_response& answer) {
  const auto now = agent_time(answer);
  std::int64_t newest = 0;
  for (const auto& each : batch.events)
    newest = std::max(newest, each.at);
  if (newest == 0)
    return now;
  // An event may have any time; none is read before it happens.
  return std::min(now, std::chrono::system_clock::time_point{std::chrono::milliseconds{newest}});
}

/// `but_of`: whose events are left out.
inline std::vector<new_event> to_keep(std::vector<wire::raw_event>&& read,
                                      std::optional<user_id> but_of, bool caught_up) {
  std::vector<new_event> made;
  made.reserve(read.size());
  for (auto& each : read)
    if (each.initiator != but_of)
      made.push_back({each.kind, std::move(each.key), std::move(each.stream),
                      std::chrono::system_clock::time_point{std::chrono::milliseconds{each.at}},
                      caught_up, std::move(each.body)});
  return made;
}

} // namespace tutti
