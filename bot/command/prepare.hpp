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

/// Loads the configuration and checks the key, so that a missing file is reported without waiting
/// for the pod. The configuration is made brief (see above); the command gives up an unreachable
/// pod after 5 s and logs little. Reading key or certificate may take `timeout`, 5 s at most.
result<config> prepare(const common_options& given,
                       std::chrono::milliseconds timeout = std::chrono::seconds{5});

} // namespace tutti::command
