// HTTP on loopback: one coroutine per connection, all on one thread.
#include <emulator/emulator.hpp>

#include <emulator/control/control.hpp>
#include <emulator/server/answer_bytes.hpp>
#include <emulator/server/answers.hpp>
#include <emulator/server/held_reads.hpp>
#include <emulator/server/request_bounds.hpp>
#include <emulator/server/server_tls.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <condition_variable>
#include <cstdio>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace tutti::emulator {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;

namespace {

constexpr std::size_t max_body = std::size_t{40} << 20;
/// What frames the body: the head, lines of chunks, trailers.
constexpr std::size_t max_frame = std::size_t{4} << 20;

} // namespace

class server::impl {
public:
  impl(std::shared_ptr<pod> state, server_options options)
      : control_{std::move(state), std::move(options.service_times)},
        answers_(control_, std::move(options.context)),
        acceptor_(io_, tcp::endpoint{asio::ip::address_v4::loopback(), options.port}) {
    if (options.tls)
      tls_.emplace(server_tls(*options.tls, options.client_authority));
    if (auto wrong = control_.injected.set(options.faults); !wrong.empty())
      throw std::runtime_error{"faults: " + wrong};
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread{[this] { run(); }};
  }

  ~impl() {
    io_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  template <class Act>
  auto locked(Act&& act) {
    auto guard = std::lock_guard{lock_};
    return act();
  }

  /// After a change from another thread.
  void changed() {
    asio::post(io_, [this] { wake_held(); });
  }

  control control_;

  void wait_for(const std::string& route, int count) {
    auto guard = std::unique_lock{lock_};
    changed_.wait(guard, [&] { return control_.counts()[route] >= count; });
  }

  bool wait_for_connections(int most, std::chrono::milliseconds time) {
    auto guard = std::unique_lock{lock_};
    return changed_.wait_for(guard, time, [&] { return control_.connections.open <= most; });
  }

private:
  /// Until the server ends, whatever a handler throws.
  void run() {
    for (;;) {
      try {
        return void(io_.run());
      } catch (const std::exception& error) {
        std::fprintf(stderr, "tutti-pod: a request failed: %s\n", error.what());
      }
    }
  }

  asio::awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
      if (error) { // Out of descriptors, say: the longest idle client gives its own back.
        if (!idle_.empty()) {
          beast::error_code ignored;
          idle_.front()->close(ignored);
        }
        asio::steady_timer pause{io_, std::chrono::milliseconds{10}};
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
        continue;
      }
      beast::error_code ignored;
      socket.set_option(tcp::no_delay{true}, ignored);
      locked([&] { ++control_.connections.accepted; });
      asio::co_spawn(io_, tls_ ? welcome(std::move(socket)) : greet(std::move(socket)),
                     asio::detached);
    }
  }

  /// Counted as open as long as this lives.
  class counted {
  public:
    explicit counted(impl& where) : where_(where) { count(1); }
    ~counted() { count(-1); }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;

  private:
    void count(int more) {
      where_.locked([&] { where_.control_.connections.open += more; });
      where_.changed_.notify_all();
    }

    impl& where_;
  };

  asio::awaitable<void> greet(tcp::socket socket) {
    counted open{*this};
    co_await serve(socket);
    beast::error_code ignored;
    socket.shutdown(tcp::socket::shutdown_both, ignored);
  }

  asio::awaitable<void> welcome(tcp::socket socket) {
    counted open{*this};
    asio::ssl::stream<tcp::socket> stream{std::move(socket), *tls_};
    auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server,
                                                   asio::as_tuple(asio::use_awaitable));
    if (error)
      co_return;
    locked([&] {
      ++control_.connections.tls;
      control_.connections.resumed += SSL_session_reused(stream.native_handle());
    });
    co_await serve(stream);
    co_await stream.async_shutdown(asio::as_tuple(asio::use_awaitable));
  }

  template <class Stream>
  asio::awaitable<void> serve(Stream& socket) {
    beast::flat_buffer buffer{max_unread};
    const auto client = client_of(socket);
    try {
      for (;;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(max_body);
        if (auto refused = co_await read(socket, buffer, parser)) {
          co_await refuse(socket, *refused);
          break;
        }
        auto request = parser.release();
        auto made = answer_to(request, client);
        if (!made.waits_for.empty() && !co_await wait_for_events(socket, request, client, made))
          break;
        auto& [answer, wrong, pause, none] = made;
        if (wrong && wrong->hang) { // Until the client gives up.
          char nothing = 0;
          co_await socket.async_read_some(asio::buffer(&nothing, 1), asio::use_awaitable);
          break;
        }
        if (wrong)
          pause += wrong->delay;
        if (pause.count() > 0)
          co_await wait(pause);
        if (wrong) {
          if (!co_await write_wrongly(socket, std::move(answer), *wrong))
            break;
          continue;
        }
        auto bytes = bytes_of(answer);
        co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
        if (!answer.keep_alive())
          break;
      }
    } catch (const boost::system::system_error&) { // The client went away, or spoke no HTTP.
    }
  }

  /// The status it is refused with; throws when the client has gone.
  template <class Stream>
  asio::awaitable<std::optional<unsigned>> read(Stream& socket, beast::flat_buffer& buffer,
                                                http::request_parser<http::string_body>& parser) {
    constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);
    auto idle = idle_.insert(idle_.end(), &beast::get_lowest_layer(socket));
    auto [error, size] = co_await http::async_read_header(socket, buffer, parser, as_tuple);
    idle_.erase(idle);
    if (!error && is_ambiguous(parser.get()))
      co_return 400;
    // In pieces, to bound all of it: chunks of a byte with long extensions would go on for ever.
    for (std::size_t taken = size; !error && !parser.is_done();) {
      auto [broken, rest] = co_await http::async_read_some(socket, buffer, parser, as_tuple);
      error = broken;
      taken += rest;
      if (taken > parser.get().body().size() + max_frame)
        co_return 413;
    }
    if (!error)
      co_return std::nullopt;
    if (auto status = status_of(error))
      co_return status;
    throw boost::system::system_error{error};
  }

  template <class Stream>
  static asio::awaitable<void> refuse(Stream& socket, unsigned status) {
    response_type answer{static_cast<http::status>(status), 11};
    answer.keep_alive(false);
    answer.prepare_payload();
    co_await http::async_write(socket, answer, asio::use_awaitable);
  }

  /// Until the feed has an event or the poll is over; false when the client has gone.
  template <class Stream>
  asio::awaitable<bool> wait_for_events(Stream& socket, const request_type& request,
                                        const std::string& client, made_answer& made) {
    auto& connection = beast::get_lowest_layer(socket);
    bool more = false; // The client has sent on: that says nothing about this read.
    const auto end = control_.now() + locked([&] { return control_.state->options.feed_poll; });
    while (!made.waits_for.empty()) {
      held_read here{asio::steady_timer{io_}, made.waits_for};
      auto next = locked([&] { return next_change(here.feed); }).value_or(end);
      here.news.expires_after(std::min(next, end) - control_.now());
      auto place = held_.add(here);
      bool readable = false;
      if (more) {
        co_await here.news.async_wait(asio::as_tuple(asio::use_awaitable));
      } else {
        auto heard = co_await (
            here.news.async_wait(asio::as_tuple(asio::use_awaitable)) ||
            connection.async_wait(tcp::socket::wait_read, asio::as_tuple(asio::use_awaitable)));
        readable = heard.index() == 1;
      }
      held_.remove(place);
      if (readable && (tls_ || has_gone(connection))) // Under TLS it says that it closes.
        co_return false;
      more = more || readable;
      made = locked(
          [&] { return answers_.again(request, client, made.wrong, control_.now() >= end); });
      wake_held();
    }
    changed_.notify_all();
    co_return true;
  }

  std::optional<time_point> next_change(const std::string& feed) const {
    return control_.state->feeds.next_change(feed, control_.now());
  }

  /// Lets the reads go on whose feeds have events now. Where the server runs.
  void wake_held() {
    auto guard = std::lock_guard{lock_};
    held_.wake([this](const std::string& feed) {
      auto next = next_change(feed);
      return next && *next <= control_.now();
    });
  }

  asio::awaitable<void> wait(std::chrono::milliseconds time) {
    asio::steady_timer timer{io_, time};
    co_await timer.async_wait(asio::use_awaitable);
  }

  /// False when the connection is over.
  template <class Stream>
  asio::awaitable<bool> write_wrongly(Stream& socket, response_type answer, fault wrong) {
    if (wrong.broken == fault::reset::before) {
      abort(socket);
      co_return false;
    }
    auto bytes = bytes_of(std::move(answer), wrong);
    auto piece = wrong.drip.count() > 0 ? bytes.size() / 60 + 1 : bytes.size();
    for (std::size_t at = 0; at < bytes.size();) {
      auto size = std::min(piece, bytes.size() - at);
      co_await asio::async_write(socket, asio::buffer(bytes.data() + at, size),
                                 asio::use_awaitable);
      at += size;
      if (wrong.drip.count() > 0)
        co_await wait(wrong.drip);
    }
    if (wrong.broken != fault::reset::never)
      abort(socket);
    co_return !wrong.cut && !wrong.malformed && !wrong.close && wrong.broken == fault::reset::never;
  }

  static void abort(tcp::socket& socket) {
    beast::error_code ignored;
    socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket.close(ignored);
  }
  static void abort(asio::ssl::stream<tcp::socket>& stream) { abort(stream.next_layer()); }

  made_answer answer_to(const request_type& request, const std::string& client) {
    auto made = locked([&] { return answers_.to(request, client); });
    wake_held();
    changed_.notify_all();
    return made;
  }

  std::mutex lock_;
  std::condition_variable changed_;
  answers answers_;
  held_reads held_;
  /// Connections that wait for a request, longest first.
  std::list<tcp::socket*> idle_;
  asio::io_context io_{1};
  std::optional<asio::ssl::context> tls_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

server::server(std::shared_ptr<pod> state, server_options options) {
  auto port = options.port;
  try {
    impl_ = std::make_unique<impl>(std::move(state), std::move(options));
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error{"port " + std::to_string(port) + " of 127.0.0.1 cannot be used (" +
                             error.code().message() + "); choose another with --port, or 0"};
  }
}

server::~server() = default;

std::uint16_t server::port() const {
  return impl_->port();
}

std::vector<seen_request> server::requests() const {
  return impl_->locked([&] { return impl_->control_.seen; });
}

std::map<std::string, int> server::request_counts() const {
  return impl_->locked([&] { return impl_->control_.counts(); });
}

void server::wait_for(const std::string& route, int count) const {
  impl_->wait_for(route, count);
}

void server::clear_requests() {
  impl_->locked([&] { impl_->control_.seen.clear(); });
}

connection_counts server::connections() const {
  return impl_->locked([&] { return impl_->control_.connections; });
}

bool server::wait_for_connections(int most, std::chrono::milliseconds time) const {
  return impl_->wait_for_connections(most, time);
}

void server::set_clock_ahead(std::chrono::seconds time) {
  impl_->locked([&] { impl_->control_.clock_ahead = time; });
  impl_->changed();
}

void server::set_faults(const std::string& json) {
  auto wrong = impl_->locked([&] { return impl_->control_.injected.set(json); });
  if (!wrong.empty())
    throw std::runtime_error{wrong};
}

void server::set_service_time(const std::string& route, std::chrono::milliseconds time) {
  impl_->locked([&] { impl_->control_.service_times[route] = time; });
}

void server::with_pod(const std::function<void(pod&)>& act) {
  impl_->locked([&] { act(*impl_->control_.state); });
  impl_->changed();
}

} // namespace tutti::emulator
