// Where the sources are, for samples and configurations that tests read.
#pragma once

#include <string>

namespace tutti::testing {

/// A file of the source tree, by its path in it. Not a macro: objects are the same wherever the
/// tree lies, and ccache finds them again.
std::string source_file(const std::string& path);

} // namespace tutti::testing
