// recv and send, when the watch says so.
#include <transport/socket/watched_socket.hpp>

#include <boost/asio/error.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace tutti::transport {

namespace asio = boost::asio;

namespace {

/// The result of a system call that may be interrupted.
template <class Call>
ssize_t uninterrupted(Call&& call) noexcept {
  ssize_t done = 0;
  do
    done = call();
  while (done < 0 && errno == EINTR);
  return done;
}

boost::system::error_code last_error() noexcept {
  return {errno, boost::system::system_category()};
}

} // namespace

void watched_socket::adopt(int fd, error& ec) {
  fd_ = fd;
  watching_ = watch_->add(fd, *this, ec);
}

void watched_socket::close() noexcept {
  if (fd_ < 0)
    return;
  watch_->remove(fd_, watching_);
  ::close(fd_);
  fd_ = -1;
  for (auto* each : {&read_, &write_})
    if (each->pending())
      watch_->call_soon(watching_, std::move(*each), asio::error::operation_aborted, 0);
}

std::size_t watched_socket::write_some(asio::const_buffer what, error& ec) noexcept {
  auto sent = uninterrupted([&] { return ::send(fd_, what.data(), what.size(), MSG_NOSIGNAL); });
  if (sent < 0)
    ec = errno == EAGAIN ? error{asio::error::would_block} : last_error();
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

bool watched_socket::read_now(error& ec, std::size_t& bytes) noexcept {
  auto got = uninterrupted([&] { return ::recv(fd_, room_.data(), room_.size(), 0); });
  if (got < 0 && errno == EAGAIN) {
    readable_ = false;
    return false;
  }
  if (got < 0)
    ec = last_error();
  else if (got == 0)
    ec = asio::error::eof;
  bytes = got < 0 ? 0 : static_cast<std::size_t>(got);
  // Less than there was room for: the socket is empty, and an event reports when more has come.
  readable_ = over_ || bytes == room_.size();
  return true;
}

void watched_socket::on_readable(bool over) {
  readable_ = true;
  over_ = over_ || over;
  error ec;
  std::size_t bytes = 0;
  if (read_.pending() && read_now(ec, bytes))
    read_(ec, bytes);
}

void watched_socket::read_soon() {
  error ec;
  std::size_t bytes = 0;
  if (read_now(ec, bytes))
    watch_->call_soon(watching_, std::move(read_), ec, bytes);
}

void watched_socket::on_writable() {
  if (!write_.pending())
    return;
  error ec;
  auto sent = write_some(what_, ec);
  if (ec != asio::error::would_block)
    write_(ec, sent);
}

void watched_socket::write_soon() {
  error ec;
  auto sent = write_some(what_, ec);
  if (ec != asio::error::would_block)
    watch_->call_soon(watching_, std::move(write_), ec, sent);
}

} // namespace tutti::transport
