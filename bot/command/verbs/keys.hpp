// `tutti keys`.
#pragma once

#include <string>

namespace tutti::command {

struct keys_options {
  std::string name;
  std::string folder = ".";
  int bits = 4096;
};

/// Makes NAME.pem and NAME.pub.pem and says what to register. Overwrites nothing. Answers the exit
/// status.
int run_keys(const keys_options& options);

} // namespace tutti::command
