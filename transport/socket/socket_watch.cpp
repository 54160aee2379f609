// An epoll set within Asio's own.
#include <transport/socket/socket_watch.hpp>

#include <boost/asio/post.hpp>

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace tutti::transport {

namespace {

/// Events reported in one turn; the next turn reports the others.
constexpr std::size_t told_at_once = 128;

int make_set() {
  auto made = ::epoll_create1(EPOLL_CLOEXEC);
  if (made < 0)
    throw std::system_error{errno, std::system_category(), "epoll_create1"};
  return made;
}

} // namespace

socket_watch::socket_watch(boost::asio::io_context& io) : io_(io), set_(io, make_set()) {}

socket_watch::id socket_watch::add(int fd, watched& who, boost::system::error_code& ec) {
  auto made = all_.insert(&who);
  epoll_event wanted{};
  wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  wanted.data.u64 = made;
  if (::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, fd, &wanted) != 0) {
    ec.assign(errno, boost::system::system_category());
    all_.erase(made);
    return 0;
  }
  wait();
  return made;
}

void socket_watch::remove(int fd, id which) {
  if (!all_.find(which))
    return;
  all_.erase(which);
  for (auto& each : finished_)
    if (each.whose == which && each.done.pending())
      leave_to_loop(std::move(each.done), each.ec, each.bytes);
  ::epoll_ctl(set_.native_handle(), EPOLL_CTL_DEL, fd, nullptr);
  if (all_.empty()) { // Else the loop would wait although no socket is left.
    boost::system::error_code ignored;
    set_.cancel(ignored);
  }
}

void socket_watch::wait() {
  if (std::exchange(waiting_, true))
    return;
  set_.async_wait(descriptor::wait_read,
                  [weak = weak_from_this()](const boost::system::error_code& ec) {
                    auto self = weak.lock();
                    if (!self)
                      return;
                    self->waiting_ = false;
                    if (!ec)
                      self->tell();
                    if (!self->all_.empty())
                      self->wait();
                  });
}

void socket_watch::call_soon(id whose, completion&& done, const boost::system::error_code& ec,
                             std::size_t bytes) {
  if (!all_.find(whose))
    return leave_to_loop(std::move(done), ec, bytes);
  if (finished_.empty())
    boost::asio::post(io_, [weak = weak_from_this()] {
      if (auto self = weak.lock())
        self->call_finished();
    });
  finished_.push_back({whose, std::move(done), ec, bytes});
}

void socket_watch::leave_to_loop(completion&& done, const boost::system::error_code& ec,
                                 std::size_t bytes) {
  boost::asio::post(io_, [done = std::move(done), ec, bytes]() mutable { done(ec, bytes); });
}

void socket_watch::call_finished() {
  being_called_.swap(finished_);
  for (auto& each : being_called_)
    if (each.done.pending())
      each.done(each.ec, each.bytes);
  being_called_.clear();
}

void socket_watch::tell() {
  call_finished();
  std::array<epoll_event, told_at_once> seen; // NOLINT(*-member-init): written by the system
  auto count = ::epoll_wait(set_.native_handle(), seen.data(), static_cast<int>(seen.size()), 0);
  for (int i = 0; i < count; ++i) {
    auto [events, data] = seen[static_cast<std::size_t>(i)];
    auto over = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    // Each of them may close any of the others, and itself.
    if (auto* who = all_.find(data.u64); who && (over || (events & EPOLLOUT) != 0))
      (*who)->on_writable();
    if (auto* who = all_.find(data.u64); who && (over || (events & EPOLLIN) != 0))
      (*who)->on_readable(over);
  }
}

} // namespace tutti::transport
