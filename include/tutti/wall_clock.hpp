// The time of day, as a parameter.
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>

namespace tutti {

/// What the time is; in a test, the test's. Called from any thread.
using wall_clock = std::function<std::chrono::system_clock::time_point()>;

/// At most a hundred years later, and not earlier: "for ever" does not overflow.
inline std::chrono::system_clock::time_point later_by(std::chrono::system_clock::time_point now,
                                                      std::chrono::milliseconds time) {
  constexpr std::chrono::milliseconds longest = std::chrono::years{100};
  return now + std::clamp(time, std::chrono::milliseconds{0}, longest);
}

} // namespace tutti
