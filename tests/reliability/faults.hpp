// What may go wrong with an answer, as rows of the matrix.
#pragma once

#include <string>
#include <vector>

namespace tutti::testing {

struct wrong {
  /// The heading it stands under.
  std::string kind;
  /// As people say it.
  std::string what;
  /// Members of the emulator's fault, without `path` and `count`.
  std::string members;
  /// The pod has asked to be left alone for longer than the askers wait.
  bool lasting = false;
};

/// All of them: each member the emulator's faults have, and what a status may stand beside.
const std::vector<wrong>& wrongs();

} // namespace tutti::testing
