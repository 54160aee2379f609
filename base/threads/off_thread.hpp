// Runs calls that may never return (a file on a dead disk, a name server) on a thread of their own.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace tutti {

/// Runs `work` on a thread of its own, as below; false when none can be started.
template <class Work>
bool try_off_thread(Work work) {
  try {
    std::thread{std::move(work)}.detach();
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

/// Runs `work` on a thread of its own, which is left behind when it does not end; both must own
/// what they use. Where no thread can be started it runs in this one.
template <class Work>
void run_off_thread(Work work) {
  auto shared = std::make_shared<Work>(std::move(work));
  try {
    std::thread{[shared] { (*shared)(); }}.detach();
  } catch (const std::system_error&) {
    (*shared)();
  }
}

/// What `use(read())` answers, or nothing when that takes longer than `patience`. Both run on a
/// thread of their own, which holds a `Guard` from the end of `read` until it has handed the answer
/// over.
template <class Guard, class Read, class Use>
auto within(std::chrono::milliseconds patience, Read read, Use use) {
  using answer = decltype(use(read()));
  auto promise = std::make_shared<std::promise<answer>>();
  auto coming = promise->get_future();
  run_off_thread([promise, read = std::move(read), use = std::move(use)]() mutable {
    auto found = read();
    const Guard until_it_is_handed_over;
    promise->set_value(use(std::move(found)));
    promise.reset(); // Perhaps with the answer, when the caller has not waited for it.
  });
  return coming.wait_for(patience) == std::future_status::ready
             ? std::optional<answer>{std::in_place, coming.get()}
             : std::optional<answer>{};
}

/// The same for work that needs no guard.
template <class Work>
auto within(std::chrono::milliseconds patience, Work work) {
  struct none {
    none() {} // Not trivial, so that one that is only held is no unused variable.
  };
  return within<none>(patience, std::move(work), [](auto found) { return found; });
}

} // namespace tutti
