// Marks the time this thread spends in a plugin's code, so that what ends the process there is
// named.
#pragma once

#include <string>
#include <string_view>

namespace tutti::plugins {

/// While it lives, `exit()` and `std::terminate()`, also by an uncaught exception, on this thread
/// write a line on standard error that names plugin and part. Both end the process with 70 then,
/// without running the destructors of what other threads still use.
class in_plugin {
public:
  /// `part`: a word for people, e.g. `start`; it must outlive this.
  in_plugin(std::string plugin, std::string_view part);
  ~in_plugin();
  in_plugin(const in_plugin&) = delete;
  in_plugin& operator=(const in_plugin&) = delete;

private:
  std::string plugin_;
  std::string_view part_;
  const in_plugin* before_;

  static void on_exit();
  [[noreturn]] static void on_terminate();
  static void say(std::string_view what);
};

} // namespace tutti::plugins
