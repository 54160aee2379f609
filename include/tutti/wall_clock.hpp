// The time of day, as a parameter.
#pragma once

#include <chrono>
#include <functional>

namespace tutti {

/// What the time is; in a test, the test's. Called from any thread.
using wall_clock = std::function<std::chrono::system_clock::time_point()>;

} // namespace tutti
