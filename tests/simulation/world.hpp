// The whole core above a faulty transport, under virtual time and a scheduler that chance drives.
#pragma once

#include <tests/simulation/faulty_transport.hpp>
#include <tests/simulation/setup.hpp>

#include <tutti/testing/virtual_system.hpp>

#include <actors/spawn.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::simulation {

/// What one run came to.
struct report {
  /// What did not hold; empty when all did.
  std::vector<std::string> objections;
  /// What happened, when it was to be kept.
  std::vector<std::string> trace;
  std::size_t steps = 0;
  std::size_t sent = 0;
  /// Requests for an IM, and how many of them got one.
  std::size_t requests = 0;
  std::size_t opened = 0;
  /// Those that did not, by reason.
  std::map<errc, std::size_t> refused;
};

/// Runs the world of a seed from its beginning to the end of the bot.
report run(std::uint64_t seed, const key_halves& key, bool keep_trace);

} // namespace tutti::simulation
