// Of several handlers that run at the same time, one at a time has a user's state.
#pragma once

#include <coroutine>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace tutti {

/// From any thread. A handler has the scope of one user at most, and needs nothing that another one
/// may have while it waits: they never wait for each other in a circle.
class scope_locks {
public:
  using resume_later = std::function<void(std::function<void()>)>;

  /// `co_await` gives the scope; false: the bot has ended meanwhile.
  class awaiter {
  public:
    awaiter(scope_locks& of, std::string scope, resume_later how)
        : of_(of), scope_(std::move(scope)), how_(std::move(how)) {}

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> here) {
      auto guard = std::lock_guard{of_.lock_};
      const auto [found, free] = of_.held_.try_emplace(scope_);
      if (!free)
        found->second.push_back({here, &given_, std::move(how_)});
      return !free;
    }
    bool await_resume() const noexcept { return given_; }

  private:
    scope_locks& of_;
    std::string scope_;
    resume_later how_;
    bool given_ = true;
  };

  awaiter take(std::string scope, resume_later how) {
    return {*this, std::move(scope), std::move(how)};
  }

  /// The next one who waits has it.
  void give_back(const std::string& scope) {
    waiting next;
    {
      auto guard = std::lock_guard{lock_};
      const auto found = held_.find(scope);
      if (found == held_.end())
        return;
      if (found->second.empty()) {
        held_.erase(found);
        return;
      }
      next = std::move(found->second.front());
      found->second.pop_front();
    }
    next.how([here = next.here] { here.resume(); });
  }

  /// Those who wait get nothing.
  void end() {
    std::unordered_map<std::string, std::deque<waiting>> all;
    {
      auto guard = std::lock_guard{lock_};
      all.swap(held_);
    }
    for (auto& [scope, line] : all)
      for (auto& each : line) {
        *each.given = false;
        each.here.resume();
      }
  }

private:
  struct waiting {
    std::coroutine_handle<> here;
    bool* given = nullptr;
    resume_later how;
  };

  std::mutex lock_;
  /// Those who wait, for each scope that a handler has.
  std::unordered_map<std::string, std::deque<waiting>> held_;
};

} // namespace tutti
