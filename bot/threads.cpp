// Tries it.
#include <bot/threads.hpp>

#include <latch>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace tutti {

std::size_t threads_to_be_had(std::size_t count) {
  std::latch tried{1};
  std::vector<std::thread> all;
  all.reserve(count);
  try {
    while (all.size() < count)
      all.emplace_back([&] {
        // The address space for its heap, which glibc keeps for the next thread.
        auto* heap = ::operator new(1, std::nothrow);
        tried.wait();
        ::operator delete(heap);
      });
  } catch (const std::system_error&) { // That was the last one.
  }
  tried.count_down();
  for (auto& each : all)
    each.join();
  return all.size();
}

} // namespace tutti
