// pending<T>: an answer that is on its way, as a future, a callback or something to `co_await`.
#pragma once

#include <tutti/result.hpp>

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
};

/// What is common to calls whatever their answer: waiting, one continuation, being taken back.
class call_base {
public:
  explicit call_base(std::shared_ptr<job_runner> runner) : runner_(std::move(runner)) {}
  call_base(const call_base&) = delete;
  call_base& operator=(const call_base&) = delete;
  virtual ~call_base() = default;

  bool settled() const noexcept { return phase_.load(std::memory_order_acquire) == phase::settled; }

  void wait() {
    done_.acquire();
    done_.release();
  }

  bool wait_for(std::chrono::nanoseconds time) {
    if (!done_.try_acquire_for(time))
      return false;
    done_.release();
    return true;
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

  /// How to take it back; set before anybody else knows the call.
  void cancel_by(std::function<void()> cancel) { cancel_ = std::move(cancel); }

  void cancel() {
    if (!settled() && cancel_)
      cancel_();
  }

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

  /// Once, after it has been settled.
  result<T> take() { return std::move(*value_); }

private:
  std::optional<result<T>> value_;
};

/// What a running task waits for now, so that it can be taken back from outside.
class cancel_scope {
public:
  void enter(const std::shared_ptr<call_base>& call) {
    auto late = [&] {
      auto guard = std::lock_guard{lock_};
      current_ = call;
      return cancelled_;
    }();
    if (late)
      call->cancel();
  }

  void leave() {
    auto guard = std::lock_guard{lock_};
    current_.reset();
  }

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
  std::mutex lock_;
  bool cancelled_ = false;
  std::weak_ptr<call_base> current_;
};

} // namespace detail

/// An answer on its way. It comes in every case: at the latest when the deadline passes or the bot
/// stops. Dropping the handle takes the question back. Use it from one thread at a time, never from
/// an actor on the bot's I/O thread.
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
  bool ready() const noexcept { return state_->settled(); }

  /// Waits for it no longer than `time`; true when it is there.
  bool wait_for(std::chrono::nanoseconds time) const { return state_->wait_for(time); }

  /// Waits for the answer and takes it; once.
  result<T> get() {
    state_->wait();
    return state_->take();
  }

  /// Has `receive(result<T>)` called with the answer, on a thread of CAF's scheduler; once. The
  /// handle goes on to own the question: dropped before, `receive` gets `errc::cancelled`.
  template <class Receive>
  void then(Receive receive) & {
    state_->run_when_settled(job_of(std::move(receive)));
  }

  /// The same where `where` has it run. What `where` itself throws is swallowed, and `receive` is
  /// not called then: it is called in the midst of others' answers.
  template <class Receive>
  void then(executor where, Receive receive) & {
    state_->when_settled([where = std::move(where), job = job_of(std::move(receive))]() mutable {
      try {
        where(std::move(job));
      } catch (...) { // The edge to an author's code.
      }
    });
  }

  /// On a temporary: nobody is left to take the question back.
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
  /// the I/O thread.
  auto operator co_await() const { return awaiter{state_}; }

private:
  struct awaiter {
    std::shared_ptr<detail::call_state<T>> state;
    std::shared_ptr<detail::cancel_scope> scope = nullptr;

    bool await_ready() const noexcept { return state->settled(); }

    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> waiting) {
      if constexpr (requires { waiting.promise().scope; })
        scope = waiting.promise().scope;
      // Once it may resume, this awaiter may be gone.
      auto call = state;
      auto within = scope;
      if (within)
        within->enter(call);
      call->run_when_settled([waiting] { waiting.resume(); });
    }

    result<T> await_resume() {
      if (scope)
        scope->leave();
      return state->take();
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
