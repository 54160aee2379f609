// How a connection comes up: name, address, proxy, TLS.
#include <transport/connection.hpp>

#include <transport/hosts.hpp>
#include <transport/message/proxy.hpp>

#include <boost/asio/write.hpp>

#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace tutti::transport {

namespace {

/// A host that is gone without a word is noticed: while idle by TCP's keepalive after 15 s and
/// every 5 s from then on, and in both cases when nothing sent has been acknowledged for 20 s.
constexpr int alive_after = 15;
constexpr int alive_every = 5;
constexpr int unacknowledged = 20'000; // Milliseconds.

template <class Socket>
void watch_the_other_side(Socket& of) {
  const auto fd = of.native_handle();
  const auto set = [fd](int level, int name, int value) {
    ::setsockopt(fd, level, name, &value, sizeof value); // Does without where it is not there.
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, alive_after);
  set(IPPROTO_TCP, TCP_KEEPINTVL, alive_every);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, unacknowledged);
}

bool is_want_of_descriptors(const boost::system::error_code& ec) {
  return ec == boost::asio::error::no_descriptors ||
         ec == boost::system::errc::too_many_files_open_in_system;
}

std::string no_descriptor_text() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return "no file descriptor is left for a connection; this process may open " +
         std::to_string(limit.rlim_cur) +
         " (ulimit -n, systemd: LimitNOFILE): raise that, or lower " + "http.maxInFlight";
}

} // namespace

void connection::resolve() {
  if (host_.connect_timeout.count() > 0) {
    connect_timer_.expires_after(host_.connect_timeout);
    connect_timer_.async_wait([self = shared_from_this()](error ec) {
      if (!ec && !self->connected_ && !self->closed_)
        self->fail(errc::unreachable,
                   "no connection within " + std::to_string(self->host_.connect_timeout.count()) +
                       " ms (connectionTimeout" + self->tried() +
                       "); is a firewall or proxy in the way?",
                   "connect_timeout");
    });
  }
  const auto& name = through_proxy() ? host_.proxy.host : host_.host;
  auto port = through_proxy() ? host_.proxy.port : host_.port;
  names_->look_up(
      name, port, [self = shared_from_this()](error ec, const name_look_ups::addresses& addresses) {
        if (self->closed_)
          return;
        if (is_want_of_descriptors(ec))
          return self->fail_to_connect(ec);
        if (ec)
          return self->fail(errc::unreachable,
                            (self->through_proxy() ? "the proxy's name " + self->host_.proxy.host
                                                   : std::string{"the name"}) +
                                " cannot be resolved (" + ec.message() + "); check " +
                                (self->through_proxy() ? "proxy.host" : "the host") +
                                " in the configuration",
                            ec == boost::asio::error::host_not_found ? "host_unknown" : "dns");
        self->connect(addresses);
      });
}

void connection::connect(const name_look_ups::addresses& addresses) {
  race_ = std::make_shared<connect_race>(
      socket_.get_executor().context(), addresses,
      [self = shared_from_this()](error ec, connect_race::socket&& with) {
        if (self->closed_)
          return;
        if (ec)
          self->fail_to_connect(ec);
        else
          self->on_connected(std::move(with));
      });
  race_->start();
}

std::string connection::tried() const {
  const auto& name = through_proxy() ? host_.proxy.host : host_.host;
  error no_address;
  boost::asio::ip::make_address(name, no_address);
  // Of a host that is named by its address that says nothing.
  return race_ && no_address ? ", " + race_->tried() : std::string{};
}

void connection::fail_to_connect(error ec) {
  if (is_want_of_descriptors(ec)) {
    connect_timer_.cancel();
    if (!owner_ || !owner_->starved(*this))
      fail(errc::unreachable, no_descriptor_text(), "descriptors");
    return;
  }
  const auto why = " (" + ec.message() + tried() + ")";
  if (through_proxy())
    return fail(errc::unreachable,
                "no connection to the proxy " + authority(host_.proxy) + why +
                    "; check proxy.host and proxy.port, and that it is running",
                "no_connection");
  fail(errc::unreachable, "no connection" + why + "; check host and port, and that it is running",
       "no_connection");
}

void connection::on_connected(socket&& with) {
  error ignored;
  connecting_ = std::move(with);
  if (const auto to = connecting_.remote_endpoint(ignored); !ignored)
    names_->worked(through_proxy() ? host_.proxy.host : host_.host, to.port(), to);
  race_ = nullptr;
  connecting_.set_option(tcp::no_delay{true}, ignored);
  connecting_.non_blocking(true, ignored);
  watch_the_other_side(connecting_);
  if (tls_ && through_proxy())
    tunnel();
  else
    open_way();
}

void connection::open_way() {
  error ec;
  auto fd = connecting_.release(ec);
  if (!ec)
    socket_.adopt(fd, ec);
  if (ec)
    return fail(errc::unreachable, "no connection (" + ec.message() + ")", "no_connection");
  if (tls_)
    shake_hands();
  else
    ready();
}

void connection::tunnel() {
  auto request = std::make_shared<std::string>(connect_request(host_));
  // An error is left to the reading side: it knows what the proxy had answered by then.
  boost::asio::async_write(connecting_, boost::asio::buffer(*request),
                           [self = shared_from_this(), request](error, std::size_t) {});
  reader_.expect(true);
  read_tunnel();
}

void connection::read_tunnel() {
  auto heard = [self = shared_from_this()](error ec, std::size_t bytes) {
    if (self->closed_)
      return;
    if (!ec) {
      self->in_.commit(bytes);
      self->reader_.read(self->in_, ec);
    }
    if (ec)
      self->fail(errc::unreachable,
                 "the proxy " + authority(self->host_.proxy) + " answered no CONNECT (" +
                     ec.message() +
                     "); check that proxy.host and proxy.port are those of an HTTP proxy",
                 "proxy_connection_lost");
    else if (self->reader_.done())
      self->tunnelled();
    else
      self->read_tunnel();
  };
  connecting_.async_read_some(in_.prepare(read_size), std::move(heard));
}

void connection::tunnelled() {
  if (reader_.status() / 100 != 2)
    return fail_at_proxy(reader_.status(), reader_.reason());
  in_.consume(in_.size());
  reader_.expect();
  open_way();
}

void connection::shake_hands() {
  stream_.emplace(socket_, tls_->context());
  if (!tls_->prepare(stream_->native_handle()))
    return fail(
        failure{errc::tls_failed,
                where() + (tls_->shown()
                               ? ": the client certificate cannot be used; OpenSSL takes RSA "
                                 "keys of 2048 bits and more, signed with SHA-256"
                               : ": no certificate can be checked for this host; give a "
                                 "plain name or address"),
                0, tls_->shown() ? "tls_client_certificate" : "tls_host"},
        false);
  stream_->async_handshake(boost::asio::ssl::stream_base::client,
                           [self = shared_from_this()](error ec) {
                             if (self->closed_)
                               return;
                             if (ec) {
                               auto why = self->tls_->explain(self->stream_->native_handle(), ec);
                               why.detail.insert(0, self->where() + ": ");
                               return self->fail(std::move(why), false);
                             }
                             self->ready();
                           });
}

void connection::ready() {
  connected_ = true;
  connect_timer_.cancel();
  write();
  read();
}

} // namespace tutti::transport
