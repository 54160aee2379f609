// Starting and ending the I/O thread.
#include <actors/loop/loop.hpp>

#include <boost/asio/post.hpp>

namespace tutti {

loop::loop(caf::actor_system& system)
    : work_(io_.get_executor()), unit_(std::make_shared<loop_unit>(system, io_)), thread_([this] {
        unit_->enter();
        io_.run();
        unit_->leave();
      }) {}

loop::~loop() {
  // What is queued still runs: it releases actors.
  work_.reset();
  boost::asio::post(io_, [this] { io_.stop(); });
  thread_.join();
}

} // namespace tutti
