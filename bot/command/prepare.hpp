// A bot's configuration as the commands use it.
#pragma once

#include <tutti/config.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <string>

namespace tutti::command {

/// What every command with a bot is given.
struct common_options {
  std::string config_path;
  /// Empty: warn.
  std::string log_level;
  bool log_json = false;
};

/// Takes out what only a bot that runs for long needs: plugins, probes, grace.
void be_brief(config& settings);

/// Loads the configuration and looks at the key: nobody wants to wait for the pod to hear that the
/// file is not there. A command is brief (see above), gives an unreachable pod up
/// after 5 s and logs little. Key or certificate may take as long as `timeout`, 5 s at most.
result<config> prepare(const common_options& given,
                       std::chrono::milliseconds timeout = std::chrono::seconds{5});

} // namespace tutti::command
