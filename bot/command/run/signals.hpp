// Signals as something to poll.
#pragma once

#include <chrono>
#include <initializer_list>
#include <signal.h>
#include <stdexcept>
#include <sys/signalfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace tutti::command {

/// While it lives, SIGINT, SIGTERM and `others` sent to this thread and to threads it starts are
/// read here. A second SIGINT or SIGTERM ends the process as usual, unless it comes right after the
/// first: wrappers and terminals send them twice.
class signals {
public:
  /// What counts as right after.
  static constexpr auto same_wish = std::chrono::seconds{1};

  explicit signals(std::initializer_list<int> others = {}) {
    for (auto each : others)
      sigaddset(&all_, each);
    pthread_sigmask(SIG_BLOCK, &all_, &before_);
    fd_ = ::signalfd(-1, &all_, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd_ < 0)
      throw std::runtime_error{"no signal descriptor can be made"};
  }
  ~signals() {
    ::close(fd_);
    if (!ending_) // Else the process is about to end by itself.
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
    if ((which == SIGINT || which == SIGTERM) && !ending_) {
      ending_ = true;
      try {
        std::thread{&signals::take_the_next_as_usual, before_}.detach();
      } catch (
          const std::system_error&) { // No thread to be had: then a second signal does nothing.
      }
    }
    return which;
  }

private:
  static sigset_t wishes_to_end() {
    sigset_t made{};
    sigemptyset(&made);
    sigaddset(&made, SIGINT);
    sigaddset(&made, SIGTERM);
    return made;
  }

  /// On a thread of its own, which is the one that gets it: the others keep it blocked.
  static void take_the_next_as_usual(sigset_t usual) {
    std::this_thread::sleep_for(same_wish);
    const auto ends = wishes_to_end();
    timespec at_once{};
    while (sigtimedwait(&ends, nullptr, &at_once) > 0)
      ; // The same wish once more.
    pthread_sigmask(SIG_SETMASK, &usual, nullptr);
    while (true)
      ::pause();
  }

  sigset_t all_ = wishes_to_end();
  sigset_t before_{};
  bool ending_ = false;
  int fd_ = -1;
};

} // namespace tutti::command
