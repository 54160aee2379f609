// The key of all bots of the process.
#pragma once

#include <emulator/crypto/jwt.hpp>

namespace tutti::testing {

/// One for all pods: making one takes a tenth of a second.
inline const emulator::key_pair& keys() {
  static const auto made = emulator::make_key_pair();
  return made;
}

} // namespace tutti::testing
