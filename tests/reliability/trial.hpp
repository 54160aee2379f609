// One cell of the matrix: a bot, a pod, and something that goes wrong between them.
#pragma once

#include <tests/reliability/faults.hpp>

#include <emulator/crypto/certificate.hpp>

#include <string>

namespace tutti::testing {

/// Which request the fault meets.
enum class place { create, login };

struct circumstances {
  place where = place::create;
  /// Every request is hit, or the first only.
  bool always = false;
  bool tls = false;
  /// The bot has a connection and a session already.
  bool warm = false;
  /// Eight askers wait for the same IM, or one.
  bool many = false;
};

struct trial_result {
  /// What the askers got and how many requests the pod saw, as the page has it.
  std::string seen;
  /// What must not be; empty for nothing.
  std::string broken;
};

trial_result try_it(const fault& what, const circumstances& how,
                    const emulator::certificate& shown);

} // namespace tutti::testing
