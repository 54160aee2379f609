// pending<T>: an answer that is on its way, as a future, a callback or something to `co_await`.
#pragma once

#include <tutti/result.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <utility>

namespace tutti {

/// Has a job run somewhere, e.g. `[&io](auto job) { asio::post(io, std::move(job)); }`. It is
/// called on the bot's I/O thread and must only hand the job over.
using executor = std::function<void(std::function<void()>)>;

namespace detail {

/// Runs jobs on CAF's scheduler.
class job_runner {
public:
  virtual ~job_runner() = default;
  /// From any thread. After the bot has stopped: in the calling thread.
  virtual void run(std::function<void()> job) = 0;
  /// The same for an author's callback: one that asks again and again after the bot has stopped is
  /// dropped at last.
  virtual void run_callback(std::function<void()> job) = 0;
  /// Whether the bot has begun to fail every question: who asks again is in vain.
  virtual bool ending() const noexcept = 0;
  /// Before this thread waits for an answer; false where it must not: on the bot's I/O thread,
  /// which would bring the answer. While a job waits, another thread runs jobs in its place.
  virtual bool begin_waiting() = 0;
  /// Again and again while it waits, every `look_after`: jobs that no thread of the scheduler takes
  /// up, because all of them wait like this one, get a thread of their own.
  virtual void still_waiting() = 0;
  virtual void end_waiting() noexcept = 0;
};

/// How often a thread that waits looks whether it is one of too many.
inline constexpr std::chrono::milliseconds look_after{200};

/// A wait that is no longer than clocks can count.
inline constexpr std::chrono::nanoseconds longest_wait = std::chrono::hours{24 * 365};

/// What is left of a handle without a question.
inline failure no_question() {
  return {errc::internal,
          "this handle has no question: it was moved from, or given away by then() on a temporary",
          0, "no_question"};
}

/// What is common to calls whatever their answer: waiting, one continuation, being taken back.
class call_base {
public:
  explicit call_base(std::shared_ptr<job_runner> runner) : runner_(std::move(runner)) {}
  call_base(const call_base&) = delete;
  call_base& operator=(const call_base&) = delete;
  virtual ~call_base() = default;

  bool settled() const noexcept { return phase_.load(std::memory_order_acquire) == phase::settled; }

  /// False where waiting would never end; see `job_runner::begin_waiting`.
  bool wait() {
    return waiting([this] {
      while (!done_.try_acquire_for(look_after))
        runner_->still_waiting();
      return true;
    });
  }

  bool wait_for(std::chrono::nanoseconds time) {
    const auto until = std::chrono::steady_clock::now() + std::min(time, longest_wait);
    return waiting([&] {
      while (true) {
        const auto left = until - std::chrono::steady_clock::now();
        if (left <= look_after)
          return done_.try_acquire_for(std::max<std::chrono::nanoseconds>(left, {}));
        if (done_.try_acquire_for(look_after))
          return true;
        runner_->still_waiting();
      }
    });
  }

  /// Runs `job` once settled, on the thread that settles it, or at once on this one. Set once.
  void when_settled(std::function<void()> job) {
    continuation_ = std::move(job);
    auto expected = phase::open;
    if (!phase_.compare_exchange_strong(expected, phase::continued, std::memory_order_acq_rel))
      continuation_();
  }

  /// The same on CAF's scheduler.
  void run_when_settled(std::function<void()> job) {
    when_settled(
        [runner = runner_, job = std::move(job)]() mutable { runner->run(std::move(job)); });
  }

  /// The same for an author's callback.
  void call_when_settled(std::function<void()> job) {
    when_settled([runner = runner_, job = std::move(job)]() mutable {
      runner->run_callback(std::move(job));
    });
  }

  /// How to take it back; set before anybody else knows the call.
  void cancel_by(std::function<void()> cancel) { cancel_ = std::move(cancel); }

  void cancel() {
    if (!settled() && cancel_)
      cancel_();
  }

  const job_runner& runner() const noexcept { return *runner_; }

protected:
  /// True for the first who settles.
  bool claim() noexcept { return !claimed_.exchange(true, std::memory_order_acq_rel); }

  void publish() {
    auto before = phase_.exchange(phase::settled, std::memory_order_acq_rel);
    done_.release();
    if (before == phase::continued)
      continuation_();
  }

private:
  enum class phase { open, continued, settled };

  /// Puts back what `acquire` has taken.
  template <class Acquire>
  bool waiting(Acquire&& acquire) {
    if (settled())
      return true;
    if (!runner_->begin_waiting())
      return false;
    struct ends {
      job_runner& runner;
      ~ends() { runner.end_waiting(); }
    } const then{*runner_};
    if (!acquire())
      return false;
    done_.release();
    return true;
  }

  std::shared_ptr<job_runner> runner_;
  std::function<void()> cancel_;
  std::function<void()> continuation_;
  std::atomic<bool> claimed_{false};
  std::atomic<phase> phase_{phase::open};
  std::binary_semaphore done_{0};
};

template <class T>
class call_state : public call_base {
public:
  using call_base::call_base;

  /// Only the first counts.
  void settle(result<T> value) {
    if (!claim())
      return;
    value_.emplace(std::move(value));
    publish();
  }

  /// After it has been settled.
  bool failed() const { return !*value_; }

  /// After it has been settled. A failure can be taken again; a value only once.
  result<T> take() {
    if (!*value_)
      return value_->error();
    if (taken_.exchange(true))
      return failure{errc::internal, "the answer has been taken already; keep what get() gave", 0,
                     "taken"};
    return std::move(*value_);
  }

private:
  std::optional<result<T>> value_;
  std::atomic<bool> taken_{false};
};

/// What a running task waits for now, so that it can be taken back from outside; and the task's
/// end, when it does not take the hint.
class cancel_scope {
public:
  /// `end` settles the task's own answer with that error and destroys its coroutines.
  void end_by(std::function<void(errc)> end) { end_ = std::move(end); }

  /// For a task that is about to wait for `call`. True when the task has been ended instead: an
  /// answer has shown it that it gets no more answers (it was cancelled, or the bot has stopped),
  /// and it asks again. Its coroutines are destroyed then.
  bool ended_before(const call_base& call) {
    if (!told_ || !end_ || !in_vain(call))
      return false;
    auto end = std::move(end_);
    end(call.runner().ending() ? errc::shutting_down : errc::cancelled);
    return true;
  }

  void enter(const std::shared_ptr<call_base>& call) {
    auto late = [&] {
      auto guard = std::lock_guard{lock_};
      current_ = call;
      return cancelled_;
    }();
    if (late)
      call->cancel();
  }

  /// `failed`: the answer of `call` is a failure.
  void leave(const call_base& call, bool failed) {
    told_ = told_ || (failed && in_vain(call));
    auto guard = std::lock_guard{lock_};
    current_.reset();
  }

  /// Whether an answer has shown the task that it gets no more answers. On the thread that runs it.
  bool in_vain_once() const noexcept { return told_; }

  void cancel() {
    auto call = [&] {
      auto guard = std::lock_guard{lock_};
      cancelled_ = true;
      return current_.lock();
    }();
    if (call)
      call->cancel();
  }

private:
  bool in_vain(const call_base& call) {
    if (call.runner().ending())
      return true;
    auto guard = std::lock_guard{lock_};
    return cancelled_;
  }

  std::mutex lock_;
  bool cancelled_ = false;
  std::weak_ptr<call_base> current_;
  // Of the thread that runs the task.
  bool told_ = false;
  std::function<void(errc)> end_;
};

} // namespace detail

/// An answer on its way. It comes in every case: at the latest when the deadline passes or the bot
/// stops. Dropping the handle takes the question back. Use it from one thread at a time. On the
/// bot's I/O thread (in an `executor`, in an actor there) `get` fails with `internal` and code
/// `would_deadlock`. A handle that was moved from has no question: `get` fails with code
/// `no_question`.
template <class T>
class [[nodiscard("dropping it takes the question back")]] pending {
public:
  explicit pending(std::shared_ptr<detail::call_state<T>> state) : state_(std::move(state)) {}
  pending(pending&&) noexcept = default;
  pending& operator=(pending&& other) noexcept {
    if (this != &other) {
      cancel();
      state_ = std::move(other.state_);
    }
    return *this;
  }
  ~pending() { cancel(); }

  /// Whether the answer is there.
  bool ready() const noexcept { return !state_ || state_->settled(); }

  /// Waits for it no longer than `time`; true when it is there.
  bool wait_for(std::chrono::nanoseconds time) const { return !state_ || state_->wait_for(time); }

  /// Waits for the answer and takes it. A value can be taken once, then it is `internal` with code
  /// `taken`; a failure again and again.
  result<T> get() {
    if (!state_)
      return detail::no_question();
    if (!state_->wait())
      return failure{
          errc::internal,
          "get() was called on the bot's I/O thread, which brings the answer; use then() "
          "or co_await, or hand the job to a thread of your own",
          0, "would_deadlock"};
    return state_->take();
  }

  /// Has `receive(result<T>)` called with the answer, on a thread of CAF's scheduler; once. The
  /// handle goes on to own the question: dropped before, `receive` gets `errc::cancelled`.
  template <class Receive>
  void then(Receive receive) & {
    if (!state_)
      return receive(result<T>{detail::no_question()});
    state_->call_when_settled(job_of(std::move(receive)));
  }

  /// The same where `where` has it run. What `where` itself throws is swallowed, and `receive` is
  /// not called then: it is called in the midst of others' answers.
  template <class Receive>
  void then(executor where, Receive receive) & {
    if (!state_)
      return receive(result<T>{detail::no_question()});
    state_->when_settled([where = std::move(where), job = job_of(std::move(receive))]() mutable {
      try {
        where(std::move(job));
      } catch (...) { // The edge to an author's code.
      }
    });
  }

  /// On a temporary: no handle is left that could take the question back.
  template <class Receive>
  void then(Receive receive) && {
    then(std::move(receive));
    state_.reset();
  }
  template <class Receive>
  void then(executor where, Receive receive) && {
    then(std::move(where), std::move(receive));
    state_.reset();
  }

  /// Takes the question back: unless the answer is there already, it will be `errc::cancelled`.
  void cancel() {
    if (state_)
      state_->cancel();
  }

  /// `co_await` gives `result<T>`; the coroutine resumes on a thread of CAF's scheduler, never on
  /// the I/O thread. A task that learns by an answer that it was cancelled, or the bot stopped, may
  /// end by itself; if it awaits another answer instead it is destroyed there.
  auto operator co_await() const { return awaiter{state_}; }

private:
  struct awaiter {
    std::shared_ptr<detail::call_state<T>> state;
    std::shared_ptr<detail::cancel_scope> scope = nullptr;

    bool await_ready() const noexcept { return !state; }

    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> waiting) {
      if constexpr (requires { waiting.promise().scope; })
        scope = waiting.promise().scope;
      // Once it may resume or has ended, this awaiter may be gone.
      auto call = state;
      auto within = scope;
      if (within && within->ended_before(*call))
        return true;
      if (call->settled())
        return false;
      if (within)
        within->enter(call);
      call->run_when_settled([waiting] { waiting.resume(); });
      return true;
    }

    result<T> await_resume() {
      if (scope)
        scope->leave(*state, state->failed());
      return state ? state->take() : result<T>{detail::no_question()};
    }
  };

  template <class Receive>
  std::function<void()> job_of(Receive receive) {
    return [state = state_, receive = std::make_shared<Receive>(std::move(receive))] {
      (*receive)(state->take());
    };
  }

  std::shared_ptr<detail::call_state<T>> state_;
};

} // namespace tutti
