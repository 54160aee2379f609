// Handlers that are installed once, and know by a thread's own variable whether they are meant.
#include <plugins/in_plugin.hpp>

#include <cstdlib>
#include <exception>
#include <mutex>
#include <unistd.h>
#include <utility>

namespace tutti::plugins {

namespace {

thread_local const in_plugin* current = nullptr;

constexpr int internal_error = 70; // sysexits.h: EX_SOFTWARE.

/// The handler that stood before ours.
std::terminate_handler usual_end = nullptr;

} // namespace

in_plugin::in_plugin(std::string plugin, std::string_view part)
    : plugin_(std::move(plugin)), part_(part), before_(std::exchange(current, this)) {
  static std::once_flag once;
  std::call_once(once, [] {
    std::atexit(&in_plugin::on_exit);
    usual_end = std::set_terminate(&in_plugin::on_terminate);
  });
}

in_plugin::~in_plugin() {
  current = before_;
}

void in_plugin::say(std::string_view what) {
  auto line = "tutti: plugin " + current->plugin_ + ": " + std::string{what} + " in " +
              std::string{current->part_} + "; the process ends\n";
  [[maybe_unused]] auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

void in_plugin::on_exit() {
  if (!current)
    return;
  say("it called exit()");
  std::_Exit(internal_error);
}

void in_plugin::on_terminate() {
  if (current) {
    std::string what = "it ended the process (std::terminate)";
    try {
      if (auto thrown = std::current_exception())
        std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      what = std::string{"it threw where nothing can be caught ("} + error.what() + ")";
    } catch (...) {
      what = "it threw where nothing can be caught";
    }
    say(what);
    std::_Exit(internal_error);
  }
  if (usual_end)
    usual_end();
  std::abort();
}

} // namespace tutti::plugins
