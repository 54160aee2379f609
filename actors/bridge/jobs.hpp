// Jobs on CAF's scheduler: where callbacks are called and coroutines resume.
#pragma once

#include <tutti/log.hpp>
#include <tutti/pending.hpp>

#include <caf/actor_system.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

namespace tutti {

/// Of one bot. What a job throws is logged and goes no further.
class jobs final : public detail::job_runner, public std::enable_shared_from_this<jobs> {
public:
  jobs(caf::actor_system& system, logger log) : system_(&system), log_(std::move(log)) {}

  /// Of a bot that does not run: closed.
  explicit jobs(logger log) : log_(std::move(log)), ending_(true), closed_(true) {}

  /// Whether this thread runs one of these jobs.
  bool here() const noexcept;

  void run(std::function<void()> job) override;
  void run_callback(std::function<void()> job) override;

  /// Questions fail from now on.
  void begin_end() noexcept { ending_.store(true); }
  bool ending() const noexcept override { return ending_.load(std::memory_order_relaxed); }

  bool begin_waiting() override;
  void still_waiting() override;
  void end_waiting() noexcept override;

  /// Hands nothing more to the scheduler, and waits until what was handed over has run, but not
  /// beyond `until`: false then. From a job itself it does not wait.
  bool close(std::chrono::steady_clock::time_point until) noexcept;

private:
  class scheduled;
  struct queued {
    std::function<void()> job;
    /// How many jobs stand behind it, each handed in by the one before since the end began.
    int depth = 0;
  };
  /// A job that runs in this thread, and the one around it.
  struct frame;
  static thread_local frame* innermost;

  void ask_for_turn();
  void take_turn();
  /// False when there is none. `as_relief`: the thread ends then, and counts no more.
  bool run_next(bool as_relief = false);
  int next_depth() const noexcept;
  void add(queued one);
  void occupy();
  void release() noexcept;
  /// Under the lock.
  void relieve(std::size_t most);
  void perform(const queued& what) noexcept;
  void one_less() noexcept;

  caf::actor_system* system_ = nullptr;
  logger log_;
  std::atomic<bool> ending_{false};
  std::atomic<bool> closed_{false};
  std::atomic<std::size_t> outstanding_{0};
  /// A thread of the scheduler will look into the queue.
  std::atomic<bool> turn_is_coming_{false};
  /// Jobs that wait for an answer, each in a thread that runs nothing else meanwhile.
  std::atomic<std::size_t> waiting_{0};
  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<queued> queue_;
  /// How many were taken out of it; and when that was looked at last, and what it was.
  std::uint64_t taken_ = 0;
  std::uint64_t taken_when_looked_ = 0;
  std::chrono::steady_clock::time_point looked_;
  /// Threads that run jobs in the place of those that wait.
  std::size_t reliefs_ = 0;
  bool waiting_logged_ = false;
  bool stuck_logged_ = false;
};

} // namespace tutti
