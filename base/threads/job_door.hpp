// Hands jobs to another thread for as long as that takes any.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
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
      post_([open = open_, what = std::move(what)] {
        if (*open)
          what();
      });
  }

  /// Once it has returned nothing is posted any more, nor being posted; and closed on the thread
  /// that runs the jobs, none that waits there is run.
  void close() {
    auto guard = std::lock_guard{lock_};
    *open_ = false;
    post_ = nullptr;
  }

private:
  const std::shared_ptr<std::atomic<bool>> open_ = std::make_shared<std::atomic<bool>>(true);
  std::mutex lock_;
  std::function<void(job)> post_;
};

} // namespace tutti
