// What a run came to.
#pragma once

#include <tutti/errc.hpp>

#include <cstddef>
#include <map>
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
  /// Messages that people sent, and how often handlers were called for them.
  std::size_t said = 0;
  std::size_t handled = 0;
  /// Of these calls: marked so.
  std::size_t late = 0;
  std::size_t repeated = 0;
  std::size_t caught_up = 0;
  std::size_t given_up = 0;
};

} // namespace tutti::simulation
