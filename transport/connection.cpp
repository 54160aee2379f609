// The exchanges of a connection: writing and reading in turns.
#include <transport/connection.hpp>

#include <base/threads/off_thread.hpp>
#include <transport/hosts.hpp>
#include <transport/message/proxy.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

namespace tutti::transport {

namespace asio = boost::asio;
namespace beast = boost::beast;

connection::connection(std::shared_ptr<socket_watch> watch, std::shared_ptr<name_look_ups> names,
                       const host_config& host, const http_config& settings,
                       std::shared_ptr<tls_host> tls, connection_owner* owner, std::size_t group)
    : group_(group), host_(host), head_(host), settings_(settings), owner_(owner),
      tls_(std::move(tls)), connecting_(watch->io()), socket_(watch), names_(std::move(names)),
      connect_timer_(watch->io()), reader_(settings.max_body) {}

connection::~connection() {
  if (parts_)
    parts_->close();
}

void connection::serve(exchange_id which, const outgoing& request) {
  exchange_ = which;
  wants_to_be_fresh_ = request.fresh;
  reader_.expect();
  head_.write(out_, request); // One buffer for head and body: one system call.
  rest_ = request.rest;
  if (connected_)
    write();
  else
    resolve();
}

void connection::take_over(connection& starved) {
  exchange_ = std::exchange(starved.exchange_, 0);
  reader_.expect();
  out_ = std::move(starved.out_);
  rest_ = std::move(starved.rest_);
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
  if (parts_)
    parts_->close();
  connecting_.close(ignored);
  socket_.close();
  connect_timer_.cancel();
}

void connection::write() {
  if (rest_) {
    writing_ = true;
    return with_stream([this](auto& stream) {
      asio::async_write(stream, asio::buffer(out_),
                        [self = shared_from_this()](error ec, std::size_t) {
                          if (!ec) // Else as below.
                            self->write_rest(0);
                        });
    });
  }
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

void connection::write_rest(std::uint64_t sent) {
  if (closed_)
    return;
  if (sent == rest_->size()) {
    writing_ = false;
    rest_.reset();
    return;
  }
  constexpr std::size_t part_size = std::size_t{256} << 10;
  if (!parts_ && !rest_->in_memory())
    parts_ = std::make_shared<job_door>(
        [io = connect_timer_.get_executor()](auto job) { asio::post(io, std::move(job)); });
  if (rest_->in_memory())
    return write_part(sent, read_part(*rest_, sent, part_size));
  // A file may be on a disk that is slow, or dead.
  const auto started =
      try_off_thread([source = rest_, sent, door = parts_, self = weak_from_this()] {
        auto part = std::make_shared<result<std::string>>(read_part(*source, sent, part_size));
        door->post([self, sent, part] {
          if (auto here = self.lock())
            here->write_part(sent, std::move(*part));
        });
      });
  if (!started)
    fail(errc::rejected, "no thread can be started to read what is to be sent", "body");
}

void connection::write_part(std::uint64_t sent, result<std::string> part) {
  if (closed_)
    return;
  if (!part)
    return fail(part.error(), false);
  out_ = std::move(*part);
  with_stream([&](auto& stream) {
    asio::async_write(stream, asio::buffer(out_),
                      [self = shared_from_this(), sent](error ec, std::size_t bytes) {
                        if (!ec)
                          self->write_rest(sent + bytes);
                      });
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
