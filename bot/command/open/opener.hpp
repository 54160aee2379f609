// The actor behind `tutti im open`: names to ids, ids to IMs, so many at once.
#pragma once

#include <bot/command/lines.hpp>

#include <tutti/core.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace tutti::command {

/// Tell: open these IMs, each given by its users. Their names are looked up together.
struct open_all {
  std::vector<std::vector<std::string>> ims;
};

/// Tell, to itself: an IM's time may be over while its users are looked up.
struct names_overdue {};

/// Tell: give everything up that is not open yet.
struct give_up {};

struct opener_options {
  im_form form = im_form::inclusive;
  /// In whose name.
  identity as{};
  /// In whose name users are looked up.
  identity look_up_as{};
  std::size_t concurrency = 64;
  /// For one IM, from its turn on: look-ups and login included.
  std::chrono::milliseconds timeout{30'000};
  /// Whether the IM with these users is known already.
  std::function<bool(const std::vector<user_id>&)> known;
  /// Called once for each IM, on the actor's thread.
  std::function<void(opened_or_not)> settled;
  /// What is known to be wrong with the bot, for the detail of a failure: `; what: why`.
  std::function<std::string()> troubles;
};

caf::actor spawn_opener(caf::actor_system& system, const core& handles, opener_options options);

} // namespace tutti::command

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::command::open_all)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::command::names_overdue)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::command::give_up)
