// One look for all sockets: which of them have something to read, or take something again.
#pragma once

#include <base/containers/slab.hpp>
#include <transport/socket/completion.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace tutti::transport {

/// Asio reads a socket once more after each answer, only to learn that nothing is there yet, before
/// it waits: a system call for each request. Here a set of sockets waits as one, a turn of the loop
/// asks once which of them are ready (`epoll`, edge-triggered), and only those are read.
class socket_watch : public std::enable_shared_from_this<socket_watch> {
public:
  /// What is watched; called on the loop.
  class watched {
  public:
    /// Takes something again.
    virtual void on_writable() = 0;
    /// Something has come. `over`: or the other side has ended, now or since the last call.
    virtual void on_readable(bool over) = 0;

  protected:
    ~watched() = default;
  };

  using id = slab<watched*>::id;

  explicit socket_watch(boost::asio::io_context& io);

  /// Reports events to `who` from now on, in the next turn if there is one already. `fd` does not
  /// block. 0 with `ec` when the system has no room for another.
  id add(int fd, watched& who, boost::system::error_code& ec);

  /// To be called before the socket is closed; reports no more events, not even those seen already.
  void remove(int fd, id which);

  /// An operation of `whose` that was over at once: `done` is called in a later turn, but before
  /// newer events are reported. So a request counts as written before its answer is read.
  void call_soon(id whose, completion&& done, const boost::system::error_code& ec,
                 std::size_t bytes);

  boost::asio::io_context& io() const noexcept { return io_; }

private:
  using descriptor =
      boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  struct finished {
    id whose;
    completion done;
    boost::system::error_code ec;
    std::size_t bytes;
  };

  void wait();
  void tell();
  /// What a closed socket leaves may own the socket, which owns the watch: only the loop may own
  /// it.
  void leave_to_loop(completion&& done, const boost::system::error_code& ec, std::size_t bytes);
  void call_finished();

  boost::asio::io_context& io_;
  descriptor set_;
  slab<watched*> all_;
  bool waiting_ = false;
  std::vector<finished> finished_;
  /// Kept for its capacity.
  std::vector<finished> being_called_;
};

} // namespace tutti::transport
