// Keeps a process from ending in the middle of what a left-behind thread does with OpenSSL.
#pragma once

#include <tutti/export.hpp>

namespace tutti::crypto {

/// Held by a thread that nothing joins while it uses OpenSSL, which `exit()` takes down: that waits
/// until the guard is given back, for half a second at most. Once the process ends no thread gets
/// one, unless another had it for all that time: who asks for it then waits until there is no
/// process. The thread that calls `exit()` does not wait for itself. The destructor frees what
/// OpenSSL keeps for the thread: the thread's own end would do so beside `exit()`.
class TUTTI_FRONT_DOOR exit_guard {
public:
  exit_guard();
  ~exit_guard();
  exit_guard(const exit_guard&) = delete;
  exit_guard& operator=(const exit_guard&) = delete;

private:
  bool held_;
};

} // namespace tutti::crypto
