// The statements of the reference page of Create IM, R1 to R30, and how each is shown.
#pragma once

#include <tests/statements/harness.hpp>

#include <functional>
#include <string>
#include <vector>

namespace tutti::testing {

struct statement {
  /// Of R1 to R30; some say the same twice.
  std::string numbers;
  /// What it comes to, in our words.
  std::string says;
  std::function<void(harness&)> show;
  /// The pod is behind TLS and a gateway's path.
  bool gateway = false;
};

const std::vector<statement>& statements();

} // namespace tutti::testing
