// `tutti im open`.
#pragma once

#include <bot/command/prepare.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace tutti::command {

struct im_open_options {
  common_options common;
  std::vector<std::string> users;
  /// On whose behalf: an id, an e-mail address or a username; empty: the bot itself.
  std::string as;
  /// The caller is no member unless listed.
  bool admin = false;
  /// One IM with each user, instead of one with all.
  bool each = false;
  /// JSON arrays of users on standard input, one a line.
  bool json_lines = false;
  std::size_t concurrency = 64;
  std::chrono::milliseconds timeout{30'000};
};

/// Opens them and writes a line for each: to standard output what is open, to standard error what
/// is not. Answers the exit status (see exit_status.hpp).
int run_im_open(const im_open_options& options);

} // namespace tutti::command
