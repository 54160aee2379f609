// `tutti run`: runs a bot made of plugins until a signal stops it.
#pragma once

#include <string>

namespace tutti::command {

/// Answers the exit status: 0 after SIGINT or SIGTERM, 70 when the core has crashed repeatedly,
/// that of the failure when the bot does not start. SIGHUP reads the log levels again. Unless
/// `core_files`, the process leaves none.
int run_bot(const std::string& config_path, bool core_files);

} // namespace tutti::command
