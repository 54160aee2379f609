// The `tutti` command as a function; it lives in libtutti.so, which it knows from the inside.
#pragma once

#include <tutti/export.hpp>

namespace tutti::command {

/// Runs the command line; answers the exit status.
int run(int argc, char** argv);

} // namespace tutti::command
