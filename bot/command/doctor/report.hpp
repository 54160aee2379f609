// What `tutti doctor` prints: one line per check, and the exit status they amount to.
#pragma once

#include <bot/process/exit_status.hpp>

#include <tutti/errc.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

namespace tutti::command {

class doctor_report {
public:
  void good(std::string_view check, const std::string& what) { line("ok", check, what); }
  void warn(std::string_view check, const std::string& what) { line("warn", check, what); }
  void fail(std::string_view check, const failure& why) {
    line("FAIL", check, to_string(why));
    status_ = std::max<int>(status_, exit_status_of(why));
  }
  /// What is not looked at, and why.
  void note(std::string_view check, const std::string& what) { line("-", check, what); }
  /// Checks that lean on one that has failed.
  void skip(std::initializer_list<const char*> checks) {
    for (const auto* each : checks)
      note(each, "not checked, because of the above");
  }

  /// The worst of all checks.
  int status() const { return status_; }

private:
  static void line(const char* mark, std::string_view check, const std::string& what) {
    fmt::print("{:<5} {:<13} {}\n", mark, check, what);
    std::fflush(stdout);
  }

  int status_ = done;
};

} // namespace tutti::command
