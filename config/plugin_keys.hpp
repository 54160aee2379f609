// Reads the list `plugins`, whose keys only the plugins know.
#pragma once

#include <config/reading.hpp>

#include <tutti/config.hpp>

namespace tutti::config_file {

void read_plugins(reading& in, const tree& rows, config& made);

} // namespace tutti::config_file
