// Files that hold secrets: who else may read them.
#pragma once

#include <tutti/export.hpp>

#include <string>

namespace tutti {

/// A line that names the file and the way out when others than its owner may read it; empty when
/// they may not, and for what is no plain file. Asks the file system: not on the I/O thread.
TUTTI_API std::string readable_by_others(const std::string& path);

} // namespace tutti
