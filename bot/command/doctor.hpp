// `tutti doctor`: what is wrong with a bot, and how to mend it.
#pragma once

#include <bot/command/prepare.hpp>

namespace tutti::command {

/// Checks configuration, key, hosts, clock, login, session and entitlements, a line each on
/// standard output. Answers the exit status.
int run_doctor(const common_options& options);

} // namespace tutti::command
