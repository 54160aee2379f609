// `tutti demo`: the main job, shown and checked.
#pragma once

#include <string>

namespace tutti::command {

/// Runs the bot of that configuration against the emulator it names. Answers the exit status: 0
/// when every IM was opened and the pod saw as few requests as promised, 1 when not, 78 for a
/// configuration that cannot be worked with.
int run_demo(const std::string& config_path);

} // namespace tutti::command
