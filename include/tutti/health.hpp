// The health of a bot: its state, and what is wrong with it.
#pragma once

#include <tutti/export.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {

/// In one word.
enum class health_state : std::uint8_t {
  /// Not started, or stopped.
  stopped,
  /// Has not logged in yet.
  starting,
  /// No known trouble affects the next request.
  ready,
  /// A trouble does: see `health::troubles`. Requests are still taken.
  degraded,
  /// Ends what is under way, takes nothing more.
  stopping,
};

/// The enumerator's name.
TUTTI_API std::string_view to_string(health_state state) noexcept;

/// One thing that is wrong.
struct trouble {
  /// `host 127.0.0.1:8080`, `host 127.0.0.1:8080 has asked to slow down`, `login`, `core`, `plugin
  /// relay`, `actor NAME`, `log` (which alone leaves the state `ready`).
  std::string what;
  std::chrono::system_clock::time_point since;
  /// The latest word on it, with the way out where one is known.
  std::string why;
};

/// How a bot hears.
struct feed_health {
  /// Empty: it has none yet.
  std::string id;
  std::string tag;
  /// When the agent answered a read last, with or without events; nothing: it has not yet.
  std::optional<std::chrono::system_clock::time_point> last_read;
  /// Events that have been read and not ended.
  std::size_t backlog = 0;
  /// Since when the oldest of them has been here.
  std::optional<std::chrono::system_clock::time_point> oldest;
  /// A feed was lost: what it held since then is gone, but for messages in streams that were read
  /// again (`datafeed.catchUp`). Of the last feed that was lost by this process.
  std::optional<std::chrono::system_clock::time_point> missing_since;
};

/// What is known of a bot at one moment; reading it asks no actor and waits for nothing.
struct health {
  health_state state = health_state::stopped;
  /// Since when the state is that one.
  std::chrono::system_clock::time_point since;
  /// What is wrong, the oldest first.
  std::vector<trouble> troubles;
  /// Nothing for a bot that hears nothing.
  std::optional<feed_health> feed;
};

} // namespace tutti
