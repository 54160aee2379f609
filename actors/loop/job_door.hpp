// Hands jobs to another thread for as long as that takes any.
#pragma once

#include <functional>
#include <mutex>
#include <utility>

namespace tutti {

/// Shared with all who may still have a job when the other side has ended: after `close` it drops
/// what it gets. From any thread.
class job_door {
public:
  using job = std::function<void()>;

  /// `post` queues a job and returns; called with a lock held.
  explicit job_door(std::function<void(job)> post) : post_(std::move(post)) {}

  void post(job what) {
    auto guard = std::lock_guard{lock_};
    if (post_)
      post_(std::move(what));
  }

  /// Once it has returned nothing is posted any more, nor being posted.
  void close() {
    auto guard = std::lock_guard{lock_};
    post_ = nullptr;
  }

private:
  std::mutex lock_;
  std::function<void(job)> post_;
};

} // namespace tutti
