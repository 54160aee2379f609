// What a configuration allows although it is dangerous.
#pragma once

#include <tutti/config.hpp>
#include <tutti/export.hpp>

#include <string>
#include <vector>

namespace tutti {

/// A line each, with the way out; of the core's keys, see plugin::warnings for those of plugins.
/// Asks the file system: not on the I/O thread.
TUTTI_FRONT_DOOR std::vector<std::string> warnings(const config& settings);

} // namespace tutti
