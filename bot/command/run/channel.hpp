// From any thread to the one that waits in poll().
#pragma once

#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tutti::command {

/// Values put in by others; `fd` is readable while there are some.
template <class T>
class channel {
public:
  channel() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0)
      throw std::runtime_error{"no event descriptor can be made"};
  }
  ~channel() { ::close(fd_); }

  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  int fd() const noexcept { return fd_; }

  void put(T value) {
    {
      auto guard = std::lock_guard{lock_};
      values_.push_back(std::move(value));
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] auto written = ::write(fd_, &one, sizeof one);
  }

  std::vector<T> take() {
    std::uint64_t count = 0;
    [[maybe_unused]] auto read = ::read(fd_, &count, sizeof count);
    auto guard = std::lock_guard{lock_};
    return std::exchange(values_, {});
  }

private:
  int fd_;
  std::mutex lock_;
  std::vector<T> values_;
};

} // namespace tutti::command
