// Life of a connection: resolve, connect, then write and read in turns.
#include <transport/connection.hpp>

#include <transport/hosts.hpp>
#include <transport/message/proxy.hpp>

#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

namespace tutti::transport {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr std::size_t read_size = 16'384;

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
  return ec == asio::error::no_descriptors ||
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

connection::connection(std::shared_ptr<socket_watch> watch, std::shared_ptr<name_look_ups> names,
                       const host_config& host, const http_config& settings,
                       std::shared_ptr<tls_host> tls, connection_owner* owner, std::size_t group)
    : group_(group), host_(host), head_(host), settings_(settings), owner_(owner),
      tls_(std::move(tls)), connecting_(watch->io()), socket_(watch), names_(std::move(names)),
      connect_timer_(watch->io()), reader_(settings.max_body) {}

void connection::serve(exchange_id which, const outgoing& request) {
  exchange_ = which;
  wants_to_be_fresh_ = request.fresh;
  reader_.expect();
  head_.write(out_, request); // One buffer for head and body: one system call.
  if (connected_)
    write();
  else
    resolve();
}

void connection::take_over(connection& starved) {
  exchange_ = std::exchange(starved.exchange_, 0);
  reader_.expect();
  out_ = std::move(starved.out_);
  write();
}

void connection::close() noexcept {
  owner_ = nullptr;
  exchange_ = 0;
  shut();
}

void connection::shut() noexcept {
  closed_ = true;
  error ignored;
  if (race_)
    race_->cancel();
  connecting_.close(ignored);
  socket_.close();
  connect_timer_.cancel();
}

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
                            ec == asio::error::host_not_found ? "host_unknown" : "dns");
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
  asio::ip::make_address(name, no_address);
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
  asio::async_write(connecting_, asio::buffer(*request),
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
  stream_->async_handshake(asio::ssl::stream_base::client, [self = shared_from_this()](error ec) {
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

void connection::write() {
  std::size_t sent = 0;
  if (!stream_) {
    // A request nearly always fits into the socket's buffer: then there is nothing to wait for.
    error ec;
    sent = socket_.write_some(asio::buffer(out_), ec);
    if (sent == out_.size() || (ec && ec != asio::error::would_block))
      return; // An error is left to the reading side: it knows what the host had answered by then.
  }
  writing_ = true;
  with_stream([this, sent](auto& stream) {
    asio::async_write(stream, asio::buffer(out_) + sent,
                      [self = shared_from_this()](error, std::size_t) { self->writing_ = false; });
  });
}

void connection::read() {
  // Pending also while idle: that is how a connection closed by the host is noticed.
  with_stream([this](auto& stream) {
    stream.async_read_some(in_.prepare(read_size),
                           [self = shared_from_this()](error ec, std::size_t bytes) {
                             if (!self->closed_)
                               self->received(ec, bytes);
                           });
  });
}

void connection::received(error ec, std::size_t bytes) {
  if (ec)
    return ended_by_host(ec);
  in_.commit(bytes);
  if (exchange_ == 0) { // No request was sent.
    if (owner_)
      owner_->lost(*this);
    return close();
  }
  parse();
}

void connection::parse() {
  error ec;
  reader_.read(in_, ec);
  if (ec)
    return unreadable(ec);
  if (!reader_.done())
    return read();
  if (!reader_.encoding().empty())
    return encoded();
  // An answer before the request was out, or more than an answer: this connection is not reused.
  auto keep = reader_.keep_alive() && in_.size() == 0 && !writing_;
  if (refused_by_proxy())
    return;
  auto answer = reader_.take();
  auto self = shared_from_this();
  if (!keep)
    shut();
  finish({std::move(answer), false});
  if (!closed_)
    read();
}

void connection::unreadable(error ec) {
  using wrong = beast::http::error;
  const auto from = tls_ || !through_proxy() ? std::string{"the answer"}
                                             : "the answer by way of " + authority(host_.proxy);
  if (ec == wrong::body_limit)
    return fail(errc::protocol_error, from + " is larger than http.maxBody (" +
                                          std::to_string(settings_.max_body) + " bytes)");
  if (ec == wrong::header_limit)
    return fail(errc::protocol_error,
                from + " has a header, or a line before a chunk, that is " + "larger than 64 KiB");
  if (reader_.begins_like_http())
    return fail(errc::protocol_error,
                from + " breaks the rules of HTTP/1.1 (" + ec.message() +
                    "); see to what stands between this machine and the host");
  fail(errc::protocol_error, from + " is not HTTP (" + ec.message() +
                                 (tls_ ? ")" : "); if this port speaks TLS, set scheme: https"));
}

void connection::ended_by_host(error ec) {
  if (exchange_ == 0) {
    if (owner_)
      owner_->lost(*this);
    return close();
  }
  if (auto why = tls_ && !reader_.begun() ? tls_->refused(ec) : std::nullopt) {
    why->detail.insert(0, where() + ": ");
    return fail(std::move(*why), false);
  }
  if (!reader_.begun())
    return fail(errc::unreachable,
                "the connection was closed before an answer came (" + ec.message() + ")" +
                    (tls_ || reused_ ? "" : "; if this port speaks TLS, set scheme: https"),
                "connection_lost", reused_);
  if (refused_by_proxy()) // tinyproxy, for one, does not wait for the request's end.
    return;
  // Only an orderly end may stand for the end of a body; a TLS one says so itself.
  auto parse_error = ec == asio::error::eof ? error{} : ec;
  if (!parse_error)
    reader_.end(parse_error);
  if (parse_error)
    return fail(errc::protocol_error, "the answer was cut short (" + ec.message() + ")",
                "cut_short");
  if (!reader_.encoding().empty())
    return encoded();
  auto self = shared_from_this();
  shut();
  finish({reader_.take(), false});
}

bool connection::refused_by_proxy() {
  auto status = reader_.status();
  // Within a tunnel every answer is the host's.
  if (!through_proxy() || tls_ || (status != 407 && !(status == 401 && reader_.basic_challenge())))
    return false;
  fail_at_proxy(status, {});
  return true;
}

void connection::fail_at_proxy(int status, const std::string& reason) {
  auto why = proxy_refusal(host_, status, reason, reader_.offers(), reader_.basic_challenge());
  why.detail.insert(0, where() + ": ");
  fail(std::move(why), false);
}

void connection::encoded() {
  fail(errc::protocol_error, "the answer is encoded (" + reader_.encoding() +
                                 ") although nobody asked for it, and cannot be decoded within "
                                 "http.maxBody; see to the proxy in between");
}

void connection::finish(outcome how) {
  auto which = std::exchange(exchange_, 0);
  reused_ = true;
  if (owner_)
    owner_->served(*this, which, std::move(how));
}

void connection::fail(errc kind, const std::string& what, const char* code, bool stale) {
  fail(failure{kind, where() + ": " + what, 0, code}, stale);
}

void connection::fail(failure why, bool stale) {
  auto self = shared_from_this();
  shut();
  finish({std::move(why), stale});
}

std::string connection::where() const {
  return host_.scheme + "://" + authority(host_);
}

} // namespace tutti::transport
