// Runs a bot as a process of its own: until a signal, or the end of the core.
#include <bot/process/account_check.hpp>
#include <bot/process/exit_status.hpp>
#include <bot/state.hpp>

#include <tutti/config_file.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace tutti {

namespace {

/// How long the log may take for its last lines.
constexpr std::chrono::milliseconds last_lines{500};

/// Where a signal is reported; -1: nowhere.
std::atomic<int> reported_at{-1};

extern "C" void tutti_report_signal(int) {
  const auto before = errno;
  const std::uint64_t one = 1;
  [[maybe_unused]] auto written = ::write(reported_at.load(), &one, sizeof one);
  errno = before;
}

/// SIGINT and SIGTERM end a wait instead of the process, whichever thread gets them.
class end_of_process {
public:
  end_of_process() {
    reported_at = fd_;
    struct sigaction report {};
    report.sa_handler = tutti_report_signal;
    ::sigaction(SIGINT, &report, &before_[0]);
    ::sigaction(SIGTERM, &report, &before_[1]);
    ::signal(SIGPIPE, SIG_IGN);
  }
  ~end_of_process() {
    ::sigaction(SIGINT, &before_[0], nullptr);
    ::sigaction(SIGTERM, &before_[1], nullptr);
    reported_at = -1;
    ::close(fd_);
  }
  end_of_process(const end_of_process&) = delete;
  end_of_process& operator=(const end_of_process&) = delete;

  /// From any thread.
  void end() {
    const std::uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(fd_, &one, sizeof one);
  }

  void wait() const {
    pollfd ready{fd_, POLLIN, 0};
    while (::poll(&ready, 1, -1) < 0 && errno == EINTR) {
    }
  }

private:
  int fd_ = ::eventfd(0, EFD_CLOEXEC);
  struct sigaction before_[2]{};
};

} // namespace

bot bot::from_file(const std::string& path) {
  auto settings = config_file::load(path);
  return bot{std::move(settings), 0};
}

bot::bot(result<config> settings, int /*from a file*/)
    : bot(settings ? std::move(*settings) : config{}) {
  if (!settings)
    state_->wrong = settings.error();
}

int bot::run() {
  if (auto wrong = state_->wrong ? std::nullopt : command::unusable_account(state_->settings)) {
    std::cerr << "tutti: " << wrong->detail << std::endl;
    return command::exit_status_of(*wrong);
  }
  end_of_process end;
  std::atomic<bool> lost{false};
  auto report = std::exchange(state_->core_lost, nullptr);
  state_->core_lost = [&](const failure& why) {
    if (report)
      report(why);
    lost = true;
    end.end();
  };
  auto started = start();
  if (!started) {
    state_->core_lost = std::move(report);
    std::cerr << "tutti: " << started.error().detail << std::endl;
    return command::exit_status_of(started.error());
  }
  state_->log.info("running", {{"bot", state_->settings.bot.username}});
  end.wait();
  state_->log.info("stopping");
  const int status = lost ? command::internal : command::done;
  const auto whole = stop();
  state_->core_lost = std::move(report);
  state_->log.info("stopped", {{"status", std::to_string(status)}});
  state_->sink->flush(last_lines);
  if (!whole)
    std::_Exit(status); // Threads that were left behind still use what would go now.
  return status;
}

} // namespace tutti
