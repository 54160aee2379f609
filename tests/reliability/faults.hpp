// What may go wrong with an answer, as rows of the matrix.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tutti::testing {

struct fault {
  /// The heading it is listed under.
  std::string kind;
  /// As people say it.
  std::string what;
  /// Members of the emulator's fault, without `path` and `count`.
  std::string members;
  /// The pod has asked to be left alone for longer than the askers wait.
  bool lasting = false;
  /// How far the pod's clock is ahead.
  std::chrono::seconds clock_ahead{0};
};

/// What the emulator's faults can do, chance left out, and the statuses worth telling apart.
const std::vector<fault>& all_faults();

} // namespace tutti::testing
