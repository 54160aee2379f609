// datafeed: reads the bot's feed into the journal. The source of events; another may take its
// place.
#pragma once

#include <tutti/protocol/error.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace tutti {

/// Ask: how the feed is.
struct describe_feed {};
/// Answer.
struct feed_described {
  /// Empty: there is none yet.
  std::string id;
  std::string tag;
  /// Since the last answered read; nothing: there has been none.
  std::optional<std::chrono::milliseconds> silent_for;
  /// Why it is not read; empty: it is.
  std::string trouble;
};

/// Handle of the datafeed actor.
using datafeed_actor = caf::typed_actor<caf::replies_to<describe_feed>::with<feed_described>>;

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::describe_feed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::feed_described)
