// Who waits for an IM, and the bot in whose name most of them ask.
#pragma once

#include <actors/loop/owed.hpp>
#include <base/containers/timer_wheel.hpp>

#include <tutti/protocol/im.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace tutti {

using im_waiter_id = std::uint64_t;

/// One asker, from its request to its answer.
struct im_waiter {
  owed<im_created> who;
  std::uint64_t flight = 0;
  std::chrono::milliseconds patience{0};
};

/// What a flight has asked for, by tickets; empty for nothing.
struct flight_tickets {
  call_ticket call;
  call_ticket connect;
  /// How long look-ups may take; and while they are waited for, when that ends.
  std::chrono::milliseconds look_up_time{0};
  deadlines::token looking_up = 0;
  /// What the pod has refused it with, while the cause is looked for.
  std::shared_ptr<const failure> refused;
};

/// A request that came before its caller's own id was known.
struct parked_im {
  im_waiter_id waiter;
  create_im request;
};

/// The bot: its own id, or those who wait for it.
struct im_caller {
  std::optional<user_id> id;
  /// The id is of the directory's file: the pod is asked whether it still holds.
  bool unconfirmed = false;
  std::vector<parked_im> waiting;
};

} // namespace tutti
