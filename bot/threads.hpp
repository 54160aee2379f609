// Whether this process may start as many threads as a bot needs.
#pragma once

#include <cstddef>

namespace tutti {

/// Starts `count` threads at once, each with a heap, and ends them again; answers how many could be
/// started. CAF cannot go back when it is refused one of its own, so this is asked before.
std::size_t threads_to_be_had(std::size_t count);

} // namespace tutti
