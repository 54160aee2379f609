// The execution unit that runs actors on an Asio loop.
#pragma once

#include <boost/asio/io_context.hpp>

#include <caf/actor_system.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

namespace tutti {

/// Resumes resident actors on the thread of one `io_context`. Other actors (an actor
/// woken by a resident inherits its unit) go to the scheduler of the actor system instead.
class loop_unit : public caf::execution_unit {
public:
  loop_unit(caf::actor_system& system, boost::asio::io_context& io);

  /// From any thread, whatever CAF's base class says.
  void exec_later(caf::resumable* job) override;

  /// True on the thread that runs the loop; set by the loop.
  bool here() const noexcept;
  /// True on the thread of any bot's loop.
  static bool on_any_loop() noexcept;
  /// Hands the job to the scheduler of that system; from the system's own loop at the end of its
  /// turn, so that what has come with it is handled first.
  static void schedule(caf::actor_system& system, caf::resumable* job);
  void enter() noexcept;
  void leave();

  // -- from any thread ----------------------------------------------------------------

  /// A resident is made.
  void arrived();
  /// A resident has ended: no message wakes it any more.
  void departed() noexcept;
  /// Stops the loop when no resident is left, at once or later.
  void end_when_empty();

private:
  void hand_over(caf::resumable* job);
  void release_guests();
  void drain();
  void run(caf::resumable* job);

  boost::asio::io_context& io_;
  std::deque<caf::resumable*> jobs_;
  bool draining_ = false;
  /// For the scheduler, at the end of the turn.
  std::vector<caf::resumable*> guests_;
  std::mutex lock_;
  std::size_t residents_ = 0;
  bool ending_ = false;
};

} // namespace tutti
