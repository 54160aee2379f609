// Who waits for an IM, and the bot in whose name most of them ask.
#pragma once

#include <tutti/protocol/im.hpp>

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace tutti {

using im_answer = caf::typed_response_promise<im_created>;
using im_waiter_id = std::uint64_t;

/// One asker, from its request to its answer.
struct im_waiter {
  im_answer promise;
  std::uint64_t flight = 0;
  std::chrono::milliseconds patience{0};
};

/// A request that came before its caller's own id was known.
struct parked_im {
  im_waiter_id who;
  create_im request;
};

/// The bot: its own id, or those who wait for it.
struct im_caller {
  std::optional<user_id> id;
  /// The id is of the directory's file: the pod is asked whether it still holds.
  bool hearsay = false;
  std::vector<parked_im> waiting;
};

} // namespace tutti
