// A connected socket that waits in a `socket_watch`.
#pragma once

#include <transport/socket/completion.hpp>
#include <transport/socket/socket_watch.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>

#include <memory>

namespace tutti::transport {

/// Reads and writes like Asio's stream socket (an AsyncReadStream and AsyncWriteStream: Asio's TLS
/// stream may go above it). At most one read and one write are pending. Not moved once it is open.
class watched_socket final : private socket_watch::watched {
public:
  using executor_type = boost::asio::io_context::executor_type;
  using lowest_layer_type = watched_socket;
  using error = boost::system::error_code;

  explicit watched_socket(std::shared_ptr<socket_watch> watch) : watch_(std::move(watch)) {}
  ~watched_socket() { close(); }

  watched_socket(const watched_socket&) = delete;
  watched_socket& operator=(const watched_socket&) = delete;

  executor_type get_executor() const noexcept { return watch_->io().get_executor(); }
  lowest_layer_type& lowest_layer() noexcept { return *this; }

  /// Owns `fd` from now on: connected, not blocking, in no other watch. An error when the system
  /// has no room for another in the watch.
  void adopt(int fd, error& ec);

  /// What is pending ends with `operation_aborted`, in a later turn.
  void close() noexcept;

  /// As much as the socket takes now; `would_block` when that is nothing.
  std::size_t write_some(boost::asio::const_buffer what, error& ec) noexcept;

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& into, Token&& token) {
    return boost::asio::async_initiate<Token, void(error, std::size_t)>(
        [this](auto handler, boost::asio::mutable_buffer room) {
          // Asio's TLS stream asks for nothing when it only wants to be called back, and does so
          // while a read is pending.
          if (room.size() == 0)
            return call_soon(std::move(handler));
          read_.hold(std::move(handler));
          room_ = room;
          if (readable_ || fd_ < 0) // Of a closed one the system says so.
            read_soon();
        },
        token, first_of<boost::asio::mutable_buffer>(into));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& from, Token&& token) {
    return boost::asio::async_initiate<Token, void(error, std::size_t)>(
        [this](auto handler, boost::asio::const_buffer what) {
          write_.hold(std::move(handler));
          what_ = what;
          write_soon();
        },
        token, first_of<boost::asio::const_buffer>(from));
  }

private:
  /// The first that is not empty: "some" need not be more.
  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& all) {
    auto end = boost::asio::buffer_sequence_end(all);
    for (auto i = boost::asio::buffer_sequence_begin(all); i != end; ++i)
      if (Buffer one{*i}; one.size() > 0)
        return one;
    return {};
  }

  void on_writable() override;
  void on_readable(bool over) override;

  template <class Handler>
  void call_soon(Handler handler) {
    completion done;
    done.hold(std::move(handler));
    watch_->call_soon(watching_, std::move(done), {}, 0);
  }

  /// Tries now; the result is reported in a later turn.
  void read_soon();
  void write_soon();
  /// False when there is nothing yet.
  bool read_now(error& ec, std::size_t& bytes) noexcept;

  std::shared_ptr<socket_watch> watch_;
  int fd_ = -1;
  socket_watch::id watching_ = 0;
  /// There may be more than has been read, without a further event.
  bool readable_ = false;
  /// The other side has ended: so may every read from now on.
  bool over_ = false;
  completion read_;
  boost::asio::mutable_buffer room_;
  completion write_;
  boost::asio::const_buffer what_;
};

} // namespace tutti::transport
