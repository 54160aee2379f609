// Paths in a configuration: `~/`, and where relative ones count from.
#pragma once

#include <string>

namespace tutti::config_file {

/// `~/` is the home folder, as in a shell; what is relative counts from the folder of `file`. An
/// empty path stays empty.
std::string path_from(const std::string& file, const std::string& path);

/// The file in `file:line:column: `; empty when that is none.
std::string file_of(const std::string& place);

} // namespace tutti::config_file
