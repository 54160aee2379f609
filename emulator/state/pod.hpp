// The state of pods on a desk, a class for each part, and what may be done.
//
// Pure: no network and no clock. Semantics: Symphony's REST documentation; what it leaves open
// (status of an unknown participant, of a missing connection) is a choice, said where it is made.
#pragma once

#include <emulator/state/agent/events.hpp>
#include <emulator/state/agent/feeds.hpp>
#include <emulator/state/agent/messages.hpp>
#include <emulator/state/login/apps.hpp>
#include <emulator/state/login/extension_apps.hpp>
#include <emulator/state/login/own_key.hpp>
#include <emulator/state/login/sessions.hpp>
#include <emulator/state/mint.hpp>
#include <emulator/state/people/connections.hpp>
#include <emulator/state/people/users.hpp>
#include <emulator/state/streams/conversations.hpp>
#include <emulator/state/streams/rooms.hpp>
#include <emulator/state/streams/streams.hpp>
#include <emulator/state/values.hpp>

#include <cstdint>

namespace tutti::emulator {

/// Its parts refer to each other, so it stays where it was made.
struct pod {
  explicit pod(pod_options given = {}, std::uint64_t seed = 1) : options(given), words(seed) {}
  ~pod() = default;

  pod(const pod&) = delete;
  pod& operator=(const pod&) = delete;

  pod_options options;
  mint words;
  emulator::users users;
  emulator::connections connections{users};
  emulator::conversations conversations{options, words, users, connections};
  emulator::rooms rooms{words, users, connections};
  emulator::streams streams{users, conversations, rooms};
  emulator::messages messages{words, users, streams};
  emulator::feeds feeds{options, words};
  emulator::events events{words, users, streams, feeds};
  emulator::apps apps;
  emulator::own_key own_key;
  emulator::sessions sessions{options, words, users, apps, own_key};
  emulator::extension_apps extension_apps{options, words, users, apps, own_key};
};

} // namespace tutti::emulator
