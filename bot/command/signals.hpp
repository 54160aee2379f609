// Signals as something to poll.
#pragma once

#include <initializer_list>
#include <signal.h>
#include <stdexcept>
#include <sys/signalfd.h>
#include <unistd.h>

namespace tutti::command {

/// While it lives, SIGINT, SIGTERM and `others` sent to this thread and to threads it starts are
/// read here. The second SIGINT or SIGTERM ends the process as usual.
class signals {
public:
  explicit signals(std::initializer_list<int> others = {}) {
    sigemptyset(&all_);
    sigaddset(&all_, SIGINT);
    sigaddset(&all_, SIGTERM);
    for (auto each : others)
      sigaddset(&all_, each);
    pthread_sigmask(SIG_BLOCK, &all_, &before_);
    fd_ = ::signalfd(-1, &all_, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd_ < 0)
      throw std::runtime_error{"no signal descriptor can be made"};
  }
  ~signals() {
    ::close(fd_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  signals(const signals&) = delete;
  signals& operator=(const signals&) = delete;

  int fd() const noexcept { return fd_; }

  /// The next one that has come, 0 for none.
  int take() {
    signalfd_siginfo one{};
    if (::read(fd_, &one, sizeof one) != sizeof one)
      return 0;
    auto which = static_cast<int>(one.ssi_signo);
    if (which == SIGINT || which == SIGTERM)
      pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    return which;
  }

private:
  sigset_t all_{};
  sigset_t before_{};
  int fd_ = -1;
};

} // namespace tutti::command
