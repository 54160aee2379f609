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

/// What needs no guard while it runs on a thread that nothing joins.
struct unguarded {
  unguarded() {} // Not trivial, so that one that is only held is no unused variable.
};

/// What `work` answers, or nothing when that takes longer than `patience`. The thread holds a
/// `Guard` until it has handed the answer over.
template <class Guard = unguarded, class Work>
auto within(std::chrono::milliseconds patience, Work work) {
  using answer = decltype(work());
  auto promise = std::make_shared<std::promise<answer>>();
  auto coming = promise->get_future();
  run_off_thread([promise, work = std::move(work)]() mutable {
    const Guard until_it_is_told;
    promise->set_value(work());
    promise.reset(); // Perhaps with the answer, when the caller has not waited for it.
  });
  return coming.wait_for(patience) == std::future_status::ready
             ? std::optional<answer>{std::in_place, coming.get()}
             : std::optional<answer>{};
}

} // namespace tutti
