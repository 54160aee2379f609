// `${VAR}` in configuration values.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace tutti::config_file {

/// Looks a variable up.
using environment = std::function<std::optional<std::string>(const std::string& name)>;

/// What came of a value: the text, or what is wrong with it.
struct expanded {
  std::string text;
  std::string error;
};

/// Replaces `${VAR}`, `${VAR:-default}` and `$$`; a variable without value and default is an error.
expanded expand(const std::string& value, const environment& variables);

} // namespace tutti::config_file
