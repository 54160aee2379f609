// `tutti doctor`: finds what is wrong with a bot, and says how to fix it.
#pragma once

#include <bot/command/prepare.hpp>

namespace tutti::command {

/// Checks configuration, key, hosts, clock, login, session and entitlements, a line each on
/// standard output. Answers the exit status.
int run_doctor(const common_options& options);

} // namespace tutti::command
