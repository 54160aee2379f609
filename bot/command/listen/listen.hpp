// `tutti listen`.
#pragma once

#include <bot/command/prepare.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace tutti::command {

struct listen_options {
  common_options common;
  /// Objects of JSON instead of lines for people.
  bool json_lines = false;
  /// As on the wire; empty: all.
  std::vector<std::string> types;
  /// Ends after so many; 0: at a signal.
  std::size_t count = 0;
  /// Of the feed; empty: the bot's user name and `-listen`, so that a running bot loses nothing.
  std::string tag;
};

/// Prints each event, and acknowledges it after that. Answers the exit status.
int run_listen(const listen_options& options);

} // namespace tutti::command
