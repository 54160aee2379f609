// task<T>: a coroutine that asks a bot's actors; started by `bot::run` or awaited by another task.
#pragma once

#include <tutti/pending.hpp>

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace tutti {

template <class T>
class task;

namespace detail {

struct task_promise_base {
  std::suspend_always initial_suspend() const noexcept { return {}; }

  /// Resumes the coroutine that awaits this task.
  struct final_awaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      return ended.promise().awaiting;
    }
    void await_resume() const noexcept {}
  };
  final_awaiter final_suspend() const noexcept { return {}; }

  void unhandled_exception() noexcept { thrown = std::current_exception(); }

  std::coroutine_handle<> awaiting = std::noop_coroutine();
  std::exception_ptr thrown;
  std::shared_ptr<cancel_scope> scope;
};

template <class T>
struct task_promise : task_promise_base {
  task<T> get_return_object();
  void return_value(T given) { value.emplace(std::move(given)); }
  T take() {
    if (thrown)
      std::rethrow_exception(thrown);
    return std::move(*value);
  }
  std::optional<T> value;
};

template <>
struct task_promise<void> : task_promise_base {
  task<void> get_return_object();
  void return_void() const noexcept {}
  void take() const {
    if (thrown)
      std::rethrow_exception(thrown);
  }
};

} // namespace detail

namespace detail {

/// For what runs a task in parts.
struct task_access {
  template <class T>
  static auto handle(const task<T>& of) noexcept {
    return of.handle_;
  }
};

} // namespace detail

/// A coroutine, not begun. What it captures by reference must outlive it; hand it values.
template <class T = void>
class [[nodiscard("a task does nothing before it is run or awaited")]] task {
public:
  using promise_type = detail::task_promise<T>;

  task(task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  task& operator=(task&&) = delete;
  ~task() {
    if (handle_)
      handle_.destroy();
  }

  /// Awaited by another task: begins, and goes on with it at its end; throws what it throws.
  auto operator co_await() && noexcept { return awaiter{handle_}; }

private:
  friend promise_type;
  friend struct detail::task_access;

  struct awaiter {
    std::coroutine_handle<promise_type> inner;

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> outer) const noexcept {
      inner.promise().awaiting = outer;
      if constexpr (requires { outer.promise().scope; })
        inner.promise().scope = outer.promise().scope;
      return inner;
    }
    T await_resume() const { return inner.promise().take(); }
  };

  explicit task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <class T>
task<T> task_promise<T>::get_return_object() {
  return task<T>{std::coroutine_handle<task_promise>::from_promise(*this)};
}

inline task<void> task_promise<void>::get_return_object() {
  return task<void>{std::coroutine_handle<task_promise>::from_promise(*this)};
}

/// What `bot::run` answers for a `task<T>`: a task that returns a result fails with its failure.
template <class T>
struct run_answer {
  using type = T;
};
template <class T>
struct run_answer<result<T>> {
  using type = T;
};

/// What a task has thrown, as the failure of its answer.
TUTTI_API failure failure_of(const std::exception& thrown);

/// The outermost coroutine: owns the task and settles the call.
struct driver {
  struct promise_type {
    driver get_return_object() {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); } // drive() catches.
    std::shared_ptr<cancel_scope> scope;
  };
  std::coroutine_handle<promise_type> handle;
};

template <class T, class Answer>
driver drive(task<T> work, std::shared_ptr<call_state<Answer>> call) {
  auto failed = std::optional<failure>{};
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
      call->settle({});
    } else {
      call->settle(co_await std::move(work));
    }
  } catch (const std::exception& error) {
    failed = failure_of(error);
  } catch (...) {
    failed = failure{errc::internal, "the task threw something that is no exception", 0, "task"};
  }
  if (failed)
    call->settle(*failed);
}

template <class T>
auto run_task(task<T> work, const std::shared_ptr<job_runner>& runner) {
  using answer = typename run_answer<T>::type;
  auto call = std::make_shared<call_state<answer>>(runner);
  auto scope = std::make_shared<cancel_scope>();
  call->cancel_by([scope] { scope->cancel(); });
  auto driven = drive(std::move(work), call);
  driven.handle.promise().scope = scope;
  scope->end_by([handle = driven.handle, own = std::weak_ptr{call}](errc why) {
    if (auto whole = own.lock()) // The coroutine keeps it.
      whole->settle(failure{
          why, "the task was told that nothing is answered any more, and asked again", 0, "task"});
    handle.destroy();
  });
  runner->run([handle = driven.handle] { handle.resume(); });
  return pending<answer>{call};
}

} // namespace detail

} // namespace tutti
