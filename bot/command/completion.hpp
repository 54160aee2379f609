// Shell completion, made from the command line's own description.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace tutti::command {

/// A script for `shell`, bash or zsh.
std::string completion(const CLI::App& app, const std::string& shell);

} // namespace tutti::command
