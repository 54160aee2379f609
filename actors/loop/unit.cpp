// Jobs from the loop's own thread take no lock; those from others are posted.
#include <actors/loop/unit.hpp>

#include <caf/scheduler/abstract_coordinator.hpp>

#include <boost/asio/post.hpp>

#include <utility>

namespace tutti {

namespace {

/// The unit whose loop this thread runs.
thread_local loop_unit* running_here = nullptr;

/// Messages an actor may handle before the next one gets its turn.
constexpr std::size_t max_throughput = 64;

/// Jobs run before I/O gets its turn.
constexpr std::size_t jobs_per_turn = 256;

} // namespace

loop_unit::loop_unit(caf::actor_system& system, boost::asio::io_context& io)
    : caf::execution_unit(&system), io_(io) {}

bool loop_unit::here() const noexcept {
  return running_here == this;
}
bool loop_unit::on_any_loop() noexcept {
  return running_here != nullptr;
}
void loop_unit::schedule(caf::actor_system& system, caf::resumable* job) {
  if (running_here && &running_here->system() == &system)
    running_here->hand_over(job);
  else
    system.scheduler().enqueue(job);
}
void loop_unit::enter() noexcept {
  running_here = this;
}
void loop_unit::leave() {
  running_here = nullptr;
  release_guests();
}

void loop_unit::arrived() {
  auto guard = std::lock_guard{lock_};
  ++residents_;
}

void loop_unit::departed() noexcept {
  // Stopped with the lock held: the loop goes as soon as it has stopped.
  auto guard = std::lock_guard{lock_};
  --residents_;
  if (ending_ && residents_ == 0)
    io_.stop();
}

void loop_unit::end_when_empty() {
  auto guard = std::lock_guard{lock_};
  ending_ = true;
  if (residents_ == 0)
    io_.stop();
}

void loop_unit::exec_later(caf::resumable* job) {
  if (job->subtype() != caf::resumable::io_actor)
    return hand_over(job);
  if (!here())
    return boost::asio::post(io_, [this, job] { run(job); });
  jobs_.push_back(job);
  if (!draining_) {
    draining_ = true;
    boost::asio::post(io_, [this] { drain(); });
  }
}

void loop_unit::hand_over(caf::resumable* job) {
  if (!here())
    return system().scheduler().enqueue(job);
  // What has come with the same turn of I/O is handled first: an actor that gets many answers is
  // woken once for all of them.
  guests_.push_back(job);
  if (guests_.size() == 1)
    boost::asio::post(io_, [this] { release_guests(); });
}

void loop_unit::release_guests() {
  for (auto* each : std::exchange(guests_, {}))
    system().scheduler().enqueue(each);
}

void loop_unit::drain() {
  // Also when a job throws: the others still get their turn.
  struct goes_on {
    loop_unit& unit;
    ~goes_on() {
      unit.draining_ = !unit.jobs_.empty();
      if (unit.draining_)
        boost::asio::post(unit.io_, [&unit = unit] { unit.drain(); });
    }
  } const then{*this};
  for (std::size_t turn = 0; turn < jobs_per_turn && !jobs_.empty(); ++turn) {
    auto* job = jobs_.front();
    jobs_.pop_front();
    run(job);
  }
}

void loop_unit::run(caf::resumable* job) {
  // The reference taken when the job was queued is passed on or given back, as CAF's own units do.
  switch (job->resume(this, max_throughput)) {
  case caf::resumable::resume_later:
    exec_later(job);
    break;
  case caf::resumable::shutdown_execution_unit:
    break;
  case caf::resumable::done:
  case caf::resumable::awaiting_message:
    job->intrusive_ptr_release_impl();
    break;
  }
}

} // namespace tutti
