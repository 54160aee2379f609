// Jobs on CAF's scheduler: where callbacks are called and coroutines resume.
#pragma once

#include <tutti/log.hpp>
#include <tutti/pending.hpp>

#include <caf/actor_system.hpp>

#include <atomic>
#include <memory>

namespace tutti {

/// Of one bot. What a job throws is logged and goes no further.
class jobs final : public detail::job_runner, public std::enable_shared_from_this<jobs> {
public:
  jobs(caf::actor_system& system, logger log) : system_(&system), log_(std::move(log)) {}

  void run(std::function<void()> job) override;

  /// Hands nothing more to the scheduler, and waits until what was handed over has run; from a job
  /// itself it does not wait.
  void close() noexcept;

private:
  class scheduled;

  void perform(const std::function<void()>& job) noexcept;
  void one_less() noexcept;

  caf::actor_system* system_;
  logger log_;
  std::atomic<bool> closed_{false};
  std::atomic<std::size_t> outstanding_{0};
};

} // namespace tutti
