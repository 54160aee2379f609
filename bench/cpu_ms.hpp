// CPU time of this process so far, for programs without the library.
#pragma once

#include <sys/resource.h>

namespace tutti::bench {

/// User and system, in milliseconds, the program's loading included.
inline double cpu_ms() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

} // namespace tutti::bench
