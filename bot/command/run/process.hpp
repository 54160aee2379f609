// What the program does to its own process, and a library must not.
#pragma once

#include <chrono>

namespace tutti::command {

/// At the start of the program: a reader that goes away costs a line, not the process (SIGPIPE is
/// ignored); out of memory, or with an exception that nothing catches, the process says so and ends
/// with 70, for a supervisor to start it again.
void prepare_process();

/// From here on the line about memory is one of JSON.
void log_as_json() noexcept;

/// No core file: keys and tokens would be in it.
void forbid_core_files() noexcept;

/// The process ends with `status` after `patience`, whatever still blocks by then.
void leave_within(std::chrono::milliseconds patience, int status);

} // namespace tutti::command
