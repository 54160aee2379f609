// The jobs are in one queue. A thread of the scheduler that has a turn takes one after the other;
// while a turn is on its way no other is asked for, because waking a thread costs more than a job.
#include <actors/bridge/jobs.hpp>

#include <actors/loop/unit.hpp>
#include <base/crypto/exit_guard.hpp>

#include <caf/execution_unit.hpp>
#include <caf/ref_counted.hpp>
#include <caf/resumable.hpp>

#include <algorithm>
#include <exception>
#include <system_error>
#include <thread>

namespace tutti {

namespace {

/// After the end, a callback that asks again is called again at once, this many times at most.
constexpr int deepest = 64;

} // namespace

class jobs::scheduled final : public caf::resumable, public caf::ref_counted {
public:
  explicit scheduled(std::shared_ptr<jobs> owner) : owner_(std::move(owner)) {}

  subtype_t subtype() const override { return function_object; }

  resume_result resume(caf::execution_unit*, std::size_t) override {
    std::exchange(owner_, nullptr)->take_turn();
    return done;
  }

  void intrusive_ptr_add_ref_impl() override { ref(); }
  void intrusive_ptr_release_impl() override { deref(); }

private:
  std::shared_ptr<jobs> owner_;
};

struct jobs::frame {
  jobs* of = nullptr;
  int depth = 0;
  frame* outer = nullptr;
};

thread_local jobs::frame* jobs::innermost = nullptr;

bool jobs::here() const noexcept {
  for (auto* each = innermost; each; each = each->outer)
    if (each->of == this)
      return true;
  return false;
}

int jobs::next_depth() const noexcept {
  return ending() && innermost && innermost->of == this ? innermost->depth + 1 : 0;
}

void jobs::run(std::function<void()> job) {
  add({std::move(job), next_depth()});
}

void jobs::run_callback(std::function<void()> job) {
  const auto depth = next_depth();
  if (depth > deepest)
    return log_.error("callback_dropped",
                      {{"why", "it goes on asking although the bot has stopped"}});
  add({std::move(job), depth});
}

void jobs::add(queued one) {
  // Counted first: `close` then either sees it or is seen.
  outstanding_.fetch_add(1);
  if (closed_.load()) {
    one_less();
    return perform(one);
  }
  {
    auto guard = std::lock_guard{lock_};
    queue_.push_back(std::move(one));
  }
  ask_for_turn();
  if (auto waiting = waiting_.load(); waiting > 0) {
    auto guard = std::lock_guard{lock_};
    relieve(waiting);
  }
}

/// Unless one is on its way.
void jobs::ask_for_turn() {
  if (!turn_is_coming_.exchange(true))
    loop_unit::schedule(*system_, caf::make_counted<scheduled>(shared_from_this()).detach());
}

void jobs::take_turn() {
  constexpr int longest = 64; // Then others have theirs.
  turn_is_coming_.store(false);
  for (int i = 0; i < longest; ++i)
    if (!run_next())
      return;
  auto guard = std::lock_guard{lock_};
  if (!queue_.empty())
    ask_for_turn();
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
    ++taken_;
    if (!queue_.empty())
      ask_for_turn(); // This job may take long.
  }
  perform(next);
  next.job = nullptr; // What it holds goes before `close` returns.
  one_less();
  return true;
}

bool jobs::begin_waiting() {
  if (loop_unit::on_any_loop())
    return false;
  if (innermost) // The job may be another bot's, whose threads are the ones that are kept.
    innermost->of->occupy();
  return true;
}

void jobs::end_waiting() noexcept {
  if (innermost)
    innermost->of->release();
}

void jobs::occupy() {
  const auto waiting = waiting_.fetch_add(1) + 1;
  auto guard = std::lock_guard{lock_};
  if (!std::exchange(waiting_logged_, true))
    log_.warn("callback_waits",
              {{"why", "get() in a callback or coroutine keeps a thread of the scheduler; use "
                       "co_await or then()"}});
  relieve(waiting);
}

void jobs::release() noexcept {
  waiting_.fetch_sub(1);
}

/// Also from threads without a job: an actor's handler may wait, and as many of them as there are
/// threads in the scheduler.
void jobs::still_waiting() {
  constexpr std::size_t most_for_stuck = 16;
  auto guard = std::lock_guard{lock_};
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_ < detail::look_after / 2)
    return; // Another one that waits has looked.
  const auto stuck = !queue_.empty() && taken_ == taken_when_looked_;
  looked_ = now;
  taken_when_looked_ = taken_;
  if (!stuck)
    return;
  if (!std::exchange(stuck_logged_, true))
    log_.warn("scheduler_stuck",
              {{"why", "every thread of the scheduler is kept, as by get() in the handlers of "
                       "actors; use request().then() there; callbacks run on other threads"}});
  relieve(std::max(waiting_.load(), most_for_stuck));
}

/// Starts a thread if there is something to run, for `most` threads that wait.
void jobs::relieve(std::size_t most) {
  if (queue_.empty() || reliefs_ >= most)
    return;
  try {
    std::thread{[own = shared_from_this()] {
      while (own->run_next(true))
        ;
      const crypto::exit_guard until_the_thread_ends; // The jobs may have used OpenSSL.
    }}.detach();
    ++reliefs_;
  } catch (const std::system_error& error) {
    log_.error("callbacks_stand_still", {{"why", error.what()}});
  }
}

bool jobs::close(std::chrono::steady_clock::time_point until) noexcept {
  begin_end();
  closed_.store(true);
  if (here())
    return true;
  auto guard = std::unique_lock{lock_};
  return changed_.wait_until(guard, until, [this] { return outstanding_.load() == 0; });
}

void jobs::perform(const queued& what) noexcept {
  frame this_one{this, what.depth, innermost};
  innermost = &this_one;
  try {
    what.job();
  } catch (const std::exception& error) {
    log_.error("callback_failed", {{"why", error.what()}});
  } catch (...) { // The edge of a thread that is CAF's.
    log_.error("callback_failed", {{"why", "it threw something that is no exception"}});
  }
  innermost = this_one.outer;
}

void jobs::one_less() noexcept {
  if (outstanding_.fetch_sub(1) != 1 || !closed_.load())
    return;
  auto guard = std::lock_guard{lock_};
  changed_.notify_all();
}

} // namespace tutti
