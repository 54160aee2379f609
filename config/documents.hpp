// A configuration file is one YAML document.
#pragma once

#include <yaml-cpp/node/node.h>

#include <string>

namespace tutti::config_file {

/// The document of that text; null for an empty one. Throws `complaint` for a second document,
/// which would have no effect, and for what no rule of YAML reads; `YAML::Exception` for what is
/// malformed.
YAML::Node only_document(const std::string& text);

} // namespace tutti::config_file
