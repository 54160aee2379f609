// Starting and ending the I/O thread.
#include <actors/loop/loop.hpp>

#include <base/threads/run_guarded.hpp>

#include <boost/asio/post.hpp>

namespace tutti {

loop::loop(caf::actor_system& system, std::function<void(const char*)> report)
    : work_(io_.get_executor()), unit_(std::make_shared<loop_unit>(system, io_)),
      thread_([this, report = std::move(report)] {
        unit_->enter();
        run_guarded(io_, [&](const char* why) {
          if (report)
            report(why);
        });
        unit_->leave();
        ended_.release();
      }) {}

loop::~loop() {
  end(std::chrono::steady_clock::now());
  if (thread_.joinable())
    thread_.join();
}

bool loop::end(std::chrono::steady_clock::time_point until) noexcept {
  if (!thread_.joinable())
    return true;
  // What is queued still runs: it releases actors.
  boost::asio::post(io_, [unit = unit_] { unit->end_when_empty(); });
  if (!ended_.try_acquire_until(until))
    return false;
  thread_.join();
  return true;
}

} // namespace tutti
