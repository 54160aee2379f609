// A descriptor kept back, so that a process without any left can still refuse a client.
#pragma once

#include <cstddef>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tutti {

/// How many descriptors this process may open.
inline std::size_t descriptor_limit() {
  rlimit now{};
  return ::getrlimit(RLIMIT_NOFILE, &now) == 0 ? now.rlim_cur : std::size_t{1024};
}

/// Of one thread.
class reserve_descriptor {
public:
  reserve_descriptor() : kept_(::open("/dev/null", O_RDONLY | O_CLOEXEC)) {}
  reserve_descriptor(const reserve_descriptor&) = delete;
  reserve_descriptor& operator=(const reserve_descriptor&) = delete;
  ~reserve_descriptor() { drop(); }

  /// Runs `act`, which may open one descriptor and closes it again.
  template <class Act>
  void spend(Act&& act) {
    drop();
    act();
    kept_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  }

private:
  void drop() {
    if (kept_ >= 0)
      ::close(kept_);
    kept_ = -1;
  }

  int kept_;
};

} // namespace tutti
