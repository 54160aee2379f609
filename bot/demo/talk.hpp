// The second half of the demo: 1,000 people talk with a bot that is killed in between.
#pragma once

#include <bot/demo/desk_pod.hpp>

#include <string>

namespace tutti::demo {

/// Starts the answering bot as a process of its own, has people talk with it, cuts its feed twice,
/// kills it once, and prints what came of that; true when each has heard its own answers, once and
/// in order.
bool talk(desk_pod& pod, const std::string& config_path);

/// That process: says again what it hears until it is killed, and writes a line for each call of
/// its handler to `calls`. Returns its exit status.
int answer_people(const std::string& config_path, const std::string& journal,
                  const std::string& calls);

} // namespace tutti::demo
