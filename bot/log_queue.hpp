// Lines on their way to a sink that may block: the thread that logs never waits for it.
#pragma once

#include <tutti/export.hpp>
#include <tutti/log.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace tutti {

/// Bounded, with a thread of its own that starts with the first job; what is too much is dropped
/// and counted. From any thread.
class TUTTI_FRONT_DOOR log_queue {
public:
  using job = std::function<void()>;

  /// `report(count)` is run on the queue's thread once there is room again after `count` jobs were
  /// dropped.
  log_queue(std::size_t most, std::function<void(std::uint64_t count)> report);
  /// Waits half a second for what is left. A job that blocks is left alone with its thread.
  ~log_queue();
  log_queue(const log_queue&) = delete;
  log_queue& operator=(const log_queue&) = delete;

  /// Queues a job, or runs it at once where no thread can be started.
  void push(job what) noexcept;

  /// Waits until all is done, at most `time`.
  void flush(std::chrono::milliseconds time) noexcept;

  log_losses losses() const noexcept;

private:
  struct shared;
  std::shared_ptr<shared> shared_;
};

} // namespace tutti
