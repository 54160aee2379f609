// A thread that runs an io_context and the actors resident on it.
#pragma once

#include <actors/loop/unit.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <semaphore>
#include <thread>

namespace tutti {

/// The I/O loop of one bot. It ends after its residents.
class loop {
public:
  /// `report` hears of what a handler throws; the loop goes on.
  explicit loop(caf::actor_system& system, std::function<void(const char* why)> report = {});
  /// Waits for its residents and its thread.
  ~loop();

  /// Ends its thread once no resident lives; the caller has sent each an exit before. A resident
  /// receives that late when a thread has sent it a message, but has not woken the loop yet. False
  /// when the thread has not ended by `until`: then the loop must stay where it is.
  bool end(std::chrono::steady_clock::time_point until) noexcept;

  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  boost::asio::io_context& io() noexcept { return io_; }
  const std::shared_ptr<loop_unit>& unit() const noexcept { return unit_; }

private:
  boost::asio::io_context io_{1}; // One thread runs it.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::shared_ptr<loop_unit> unit_;
  std::binary_semaphore ended_{0};
  std::thread thread_;
};

} // namespace tutti
