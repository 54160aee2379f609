// Signals, limits and the last resort.
#include <bot/command/run/process.hpp>

#include <bot/process/exit_status.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace tutti::command {

namespace {

constexpr std::string_view out_of_memory =
    "tutti: out of memory; the process ends with status 70, so that it can be started again\n";
constexpr std::string_view out_of_memory_as_json =
    R"({"level":"error","component":"run","event":"out_of_memory","why":"the process ends with )"
    "status 70, so that it can be started again\"}\n";

std::atomic<bool> json{false};

/// Allocates nothing.
[[noreturn]] void end_without_memory() {
  auto line = json ? out_of_memory_as_json : out_of_memory;
  [[maybe_unused]] auto written = ::write(STDERR_FILENO, line.data(), line.size());
  std::_Exit(internal);
}

/// What nothing could catch: CAF ends so when it is refused a thread in the midst of its start.
[[noreturn]] void end_badly() {
  std::string_view why = "a thread or memory was refused; see pids.max, ulimit -u, ulimit -v";
  std::string text;
  try {
    if (auto thrown = std::current_exception())
      std::rethrow_exception(thrown);
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::resource_unavailable_try_again) // That is a thread.
      why = text = error.what();
  } catch (const std::exception& error) {
    why = text = error.what();
  } catch (...) {
    why = "something was thrown that is no exception";
  }
  for (auto part : {std::string_view{"tutti: the process cannot go on and ends with status 70: "},
                    why, std::string_view{"\n"}}) [[maybe_unused]]
    auto written = ::write(STDERR_FILENO, part.data(), part.size());
  std::_Exit(internal);
}

} // namespace

void prepare_process() {
  std::signal(SIGPIPE, SIG_IGN);
  std::set_new_handler(end_without_memory);
  std::set_terminate(end_badly);
}

void log_as_json() noexcept {
  json = true;
}

void forbid_core_files() noexcept {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

void leave_within(std::chrono::milliseconds patience, int status) {
  try {
    std::thread{[=] {
      std::this_thread::sleep_for(patience);
      std::_Exit(status);
    }}.detach();
  } catch (const std::system_error&) { // No thread to be had: then as long as it takes.
  }
}

} // namespace tutti::command
