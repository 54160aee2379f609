// Reads the hosts of a configuration: the root's, and those of each service.
#pragma once

#include <config/reading.hpp>

#include <tutti/config.hpp>

namespace tutti::config_file {

/// Each service has the keys given under its name, and the root's for the rest. Headers that every
/// request carries anyway are listed in `without_effect`.
void read_hosts(reading& in, const tree& rows, config& made);

} // namespace tutti::config_file
