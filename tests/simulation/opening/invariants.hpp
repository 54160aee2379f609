// What must be true of an answer, seen from outside.
#pragma once

#include <tests/simulation/opening/asked.hpp>

#include <emulator/state/pod.hpp>

#include <tutti/config.hpp>

#include <string>

namespace tutti::simulation {

/// The world at the moment of an answer.
struct circumstances {
  const emulator::pod& pod;
  const config& settings;
  user_id bot;
  event_queue::time_point now;
  /// Nothing goes wrong but that sessions end.
  bool calm = false;
  /// There are sessions on behalf of users.
  bool many = false;
  bool crashed = false;
  bool stopping = false;
};

/// What is wrong with the answer of a request that has one, as what the request does; empty for
/// nothing.
std::string objection_to(const request& one, const circumstances& when);

} // namespace tutti::simulation
