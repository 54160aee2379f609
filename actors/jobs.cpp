// The scheduler is handed a turn for each job; the jobs themselves stand in one queue.
#include <actors/jobs.hpp>

#include <actors/loop/unit.hpp>

#include <caf/execution_unit.hpp>
#include <caf/ref_counted.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <exception>
#include <system_error>
#include <thread>

namespace tutti {

namespace {

/// Jobs of any bot that this thread is in, one within the other; and the depth of the innermost.
thread_local int jobs_here = 0;
thread_local int depth_here = 0;

/// A callback that asks again after the end is called again at once; so often, then no more.
constexpr int deepest = 64;

} // namespace

class jobs::scheduled final : public caf::resumable, public caf::ref_counted {
public:
  explicit scheduled(std::shared_ptr<jobs> owner) : owner_(std::move(owner)) {}

  subtype_t subtype() const override { return function_object; }

  resume_result resume(caf::execution_unit*, std::size_t) override {
    std::exchange(owner_, nullptr)->run_next();
    return done;
  }

  void intrusive_ptr_add_ref_impl() override { ref(); }
  void intrusive_ptr_release_impl() override { deref(); }

private:
  std::shared_ptr<jobs> owner_;
};

bool jobs::here() noexcept {
  return jobs_here > 0;
}

void jobs::run(std::function<void()> job) {
  // Counted first: `close` then either sees it or is seen.
  outstanding_.fetch_add(1);
  const auto depth = ending() && jobs_here > 0 ? depth_here + 1 : 0;
  if (depth > deepest) {
    one_less();
    return log_.error("callback_dropped",
                      {{"why", "it goes on asking although the bot has stopped"}});
  }
  if (closed_.load()) {
    one_less();
    return perform({std::move(job), depth});
  }
  {
    auto guard = std::lock_guard{lock_};
    queue_.push_back({std::move(job), depth});
  }
  system_->scheduler().enqueue(caf::make_counted<scheduled>(shared_from_this()).detach());
  if (waiting_.load() > 0)
    relieve();
}

bool jobs::run_next(bool as_relief) {
  queued next;
  {
    auto guard = std::lock_guard{lock_};
    if (queue_.empty()) { // Another thread has run it in the meantime.
      // In one step: a job that comes now finds the place free.
      reliefs_ -= as_relief ? 1 : 0;
      return false;
    }
    next = std::move(queue_.front());
    queue_.pop_front();
  }
  perform(next);
  next.job = nullptr; // What it holds goes before `close` returns.
  one_less();
  return true;
}

bool jobs::begin_waiting() {
  if (loop_unit::on_any_loop())
    return false;
  if (jobs_here > 0) {
    waiting_.fetch_add(1);
    relieve();
  }
  return true;
}

void jobs::end_waiting() noexcept {
  if (jobs_here > 0)
    waiting_.fetch_sub(1);
}

/// One thread for each that waits, as long as there is something to run.
void jobs::relieve() {
  auto guard = std::lock_guard{lock_};
  if (!std::exchange(waiting_logged_, true))
    log_.warn("callback_waits",
              {{"why", "get() in a callback or coroutine keeps a thread of the scheduler; use "
                       "co_await or then()"}});
  if (queue_.empty() || reliefs_ >= waiting_.load())
    return;
  try {
    std::thread{[own = shared_from_this()] {
      while (own->run_next(true))
        ;
    }}.detach();
    ++reliefs_;
  } catch (const std::system_error& error) {
    log_.error("callbacks_stand_still", {{"why", error.what()}});
  }
}

bool jobs::close(std::chrono::steady_clock::time_point until) noexcept {
  begin_end();
  closed_.store(true);
  if (jobs_here > 0)
    return true;
  auto guard = std::unique_lock{lock_};
  return changed_.wait_until(guard, until, [this] { return outstanding_.load() == 0; });
}

void jobs::perform(const queued& what) noexcept {
  ++jobs_here;
  const auto depth_around = std::exchange(depth_here, what.depth);
  try {
    what.job();
  } catch (const std::exception& error) {
    log_.error("callback_failed", {{"why", error.what()}});
  } catch (...) { // The edge of a thread that is CAF's.
    log_.error("callback_failed", {{"why", "it threw something that is no exception"}});
  }
  depth_here = depth_around;
  --jobs_here;
}

void jobs::one_less() noexcept {
  if (outstanding_.fetch_sub(1) != 1 || !closed_.load())
    return;
  auto guard = std::lock_guard{lock_};
  changed_.notify_all();
}

} // namespace tutti
