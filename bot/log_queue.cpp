// The thread owns what it needs, so that it can be left behind in a write that never ends.
#include <bot/log_queue.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace tutti {

namespace {

constexpr std::chrono::milliseconds patience_at_the_end{500};

} // namespace

struct log_queue::shared {
  explicit shared(std::size_t most, std::function<void(std::uint64_t)> report)
      : most(most), report(std::move(report)) {}

  const std::size_t most;
  const std::function<void(std::uint64_t)> report;
  std::mutex lock;
  std::condition_variable changed;
  std::deque<job> jobs;
  bool started = false;
  bool busy = false;
  bool ending = false;
  log_losses lost;
  /// Of those lost, the ones no line has reported yet.
  std::uint64_t unreported = 0;

  bool idle() const { return jobs.empty() && !busy && unreported == 0; }

  void run() {
    auto guard = std::unique_lock{lock};
    while (true) {
      changed.wait(guard, [this] { return ending || !jobs.empty() || unreported > 0; });
      if (jobs.empty() && unreported == 0)
        return;
      busy = true;
      if (unreported > 0 && jobs.size() <= most / 2) {
        auto count = std::exchange(unreported, 0);
        lost.now = false;
        guard.unlock();
        report(count);
      } else {
        auto next = std::move(jobs.front());
        jobs.pop_front();
        guard.unlock();
        next();
        next = nullptr;
      }
      guard.lock();
      busy = false;
      changed.notify_all();
    }
  }

  void drop() {
    if (!std::exchange(lost.now, true))
      lost.since = std::chrono::system_clock::now();
    ++lost.lines;
    ++unreported;
  }
};

log_queue::log_queue(std::size_t most, std::function<void(std::uint64_t)> report)
    : shared_(std::make_shared<shared>(most, std::move(report))) {}

log_queue::~log_queue() {
  flush(patience_at_the_end);
  auto guard = std::lock_guard{shared_->lock};
  shared_->ending = true;
  shared_->changed.notify_all();
}

void log_queue::push(job what) noexcept {
  try {
    auto guard = std::unique_lock{shared_->lock};
    if (!shared_->started) {
      try {
        std::thread{[own = shared_] { own->run(); }}.detach();
        shared_->started = true;
      } catch (const std::system_error&) { // No thread to be had: then it waits, as it always did.
        guard.unlock();
        return what();
      }
    }
    if (shared_->jobs.size() >= shared_->most)
      return shared_->drop();
    shared_->jobs.push_back(std::move(what));
    shared_->changed.notify_one();
  } catch (...) { // Out of memory: a line is lost, nothing else.
  }
}

void log_queue::flush(std::chrono::milliseconds time) noexcept {
  auto guard = std::unique_lock{shared_->lock};
  time = std::min<std::chrono::milliseconds>(time, std::chrono::hours{24});
  shared_->changed.wait_for(guard, time, [this] { return shared_->idle(); });
}

log_losses log_queue::losses() const noexcept {
  auto guard = std::lock_guard{shared_->lock};
  return shared_->lost;
}

} // namespace tutti
