// SIGINT and SIGTERM as something to poll.
#pragma once

#include <signal.h>
#include <stdexcept>
#include <sys/signalfd.h>
#include <unistd.h>

namespace tutti::command {

/// While it lives, both signals of this thread and of threads it starts are read here. The second
/// one ends the process as usual.
class signals {
public:
  signals() {
    sigemptyset(&both_);
    sigaddset(&both_, SIGINT);
    sigaddset(&both_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &both_, &before_);
    fd_ = ::signalfd(-1, &both_, SFD_CLOEXEC | SFD_NONBLOCK);
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

  /// Whether one has come.
  bool take() {
    signalfd_siginfo one{};
    auto come = ::read(fd_, &one, sizeof one) == sizeof one;
    if (come)
      pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    return come;
  }

private:
  sigset_t both_{};
  sigset_t before_{};
  int fd_ = -1;
};

} // namespace tutti::command
