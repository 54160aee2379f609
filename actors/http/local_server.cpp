// A coroutine for each connection; the handler answers from wherever it likes.
#include <tutti/local_server.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/url.hpp>

#include <atomic>
#include <mutex>
#include <optional>
#include <semaphore>
#include <set>
#include <thread>

namespace tutti {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http_1 = beast::http;
using asio::ip::tcp;

namespace {

constexpr std::uint32_t max_header = 8U << 10;

local_answer plain_error(int status, const char* code, const std::string& detail) {
  return {status,
          std::string{R"({"error":")"} + code + R"(","detail":")" + detail + "\"}", //
          "application/json",
          {}};
}

/// Where an answer is left for the connection that waits for it. It may outlive the server.
class slot {
public:
  explicit slot(std::weak_ptr<asio::io_context> io) : io_(std::move(io)) {}

  /// From any thread; the first counts.
  static void put(const std::shared_ptr<slot>& to, local_answer answer) {
    if (to->given_.exchange(true))
      return;
    if (auto io = to->io_.lock())
      asio::post(*io, [to, answer = std::move(answer)]() mutable {
        to->answer_ = std::move(answer);
        if (to->waiting_)
          to->waiting_->cancel();
      });
  }

  /// On the server's thread.
  static asio::awaitable<local_answer> wait(std::shared_ptr<slot> at) {
    // Of the connection: it ends with the server, whoever still holds the slot.
    asio::steady_timer wake{co_await asio::this_coro::executor,
                            asio::steady_timer::time_point::max()};
    at->waiting_ = &wake;
    while (!at->answer_)
      co_await wake.async_wait(asio::as_tuple(asio::use_awaitable));
    at->waiting_ = nullptr;
    co_return std::move(*at->answer_);
  }

private:
  std::weak_ptr<asio::io_context> io_;
  std::atomic<bool> given_{false};
  // Of the server's thread.
  std::optional<local_answer> answer_;
  asio::steady_timer* waiting_ = nullptr;
};

/// What the handler is given: the last copy that goes unused answers 500.
class responder {
public:
  explicit responder(std::shared_ptr<slot> to) : to_(std::move(to)) {}
  responder(const responder&) = delete;
  responder& operator=(const responder&) = delete;
  ~responder() { slot::put(to_, plain_error(500, "internal", "no answer was made")); }

  void answer(local_answer given) { slot::put(to_, std::move(given)); }

private:
  std::shared_ptr<slot> to_;
};

std::string decoded(boost::core::string_view text) {
  boost::urls::encoding_opts plus;
  plus.space_as_plus = true;
  return boost::urls::pct_string_view{text}.decode(plus);
}

/// nothing for a target that is none.
std::optional<local_request> read(const http_1::request<http_1::string_body>& from) {
  auto target = boost::urls::parse_origin_form({from.target().data(), from.target().size()});
  if (!target)
    return std::nullopt;
  local_request made;
  made.method = std::string{from.method_string()};
  made.path = std::string{target->encoded_path()};
  for (auto each : target->encoded_params())
    made.query[decoded(each.key)] = decoded(each.value);
  made.authorization = std::string{from[http_1::field::authorization]};
  made.body = from.body();
  return made;
}

} // namespace

class local_server::impl {
public:
  impl(const local_server_options& options, handler handle)
      : options_(options), handle_(std::move(handle)), acceptor_(*io_) {
    auto where = tcp::endpoint{asio::ip::make_address(options.address), options.port};
    acceptor_.open(where.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address{true});
    acceptor_.bind(where);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(*io_, accept(), asio::detached);
    thread_ = std::thread{[this] {
      io_->run();
      ended_.release();
    }};
  }

  ~impl() { stop(std::chrono::milliseconds{0}); }

  std::uint16_t port() const noexcept { return port_; }

  void stop(std::chrono::milliseconds grace) noexcept {
    if (!thread_.joinable())
      return;
    asio::post(*io_, [this] {
      stopping_ = true;
      beast::error_code ignored;
      acceptor_.close(ignored);
      for (auto* each : idle_)
        each->close();
    });
    if (!ended_.try_acquire_for(grace))
      io_->stop();
    thread_.join();
  }

private:
  asio::awaitable<void> accept() {
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
      if (error == asio::error::operation_aborted || !acceptor_.is_open())
        break;
      if (error) { // Out of descriptors, say: those who are served give theirs back.
        asio::steady_timer pause{*io_, std::chrono::milliseconds{50}};
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
        continue;
      }
      if (connections_ < options_.max_connections)
        asio::co_spawn(*io_, serve(beast::tcp_stream{std::move(socket)}), asio::detached);
    }
  }

  asio::awaitable<void> serve(beast::tcp_stream stream) {
    ++connections_;
    beast::flat_buffer buffer;
    bool open = true;
    while (open && !stopping_) {
      http_1::request_parser<http_1::string_body> parser;
      parser.body_limit(options_.max_body);
      parser.header_limit(max_header);
      stream.expires_after(options_.idle);
      idle_.insert(&stream);
      auto [error, size] =
          co_await http_1::async_read(stream, buffer, parser, asio::as_tuple(asio::use_awaitable));
      idle_.erase(&stream);
      auto refused = refusal(error);
      if (error && !refused)
        break;
      local_answer answer;
      if (refused)
        answer = std::move(*refused);
      else
        answer = co_await ask(parser.get());
      open = !error && parser.get().keep_alive() && !stopping_;
      open = co_await write(stream, parser.get().method() == http_1::verb::head, open,
                            std::move(answer));
    }
    beast::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    --connections_;
  }

  /// The answer to what is no request; nothing when nobody is there to hear one.
  static std::optional<local_answer> refusal(beast::error_code error) {
    if (!error || error.category() != make_error_code(http_1::error::body_limit).category() ||
        error == http_1::error::end_of_stream || error == http_1::error::partial_message)
      return std::nullopt;
    if (error == http_1::error::body_limit)
      return plain_error(413, "too_large", "the body is larger than is accepted");
    if (error == http_1::error::header_limit)
      return plain_error(431, "too_large", "the header is larger than 8 KiB");
    return plain_error(400, "bad_request", "this is no HTTP request");
  }

  asio::awaitable<local_answer> ask(const http_1::request<http_1::string_body>& from) {
    auto request = read(from);
    if (!request)
      co_return plain_error(400, "bad_request", "the target is no path");
    auto answer = std::make_shared<slot>(io_);
    auto to = std::make_shared<responder>(answer);
    try {
      handle_(*request, [to](local_answer given) { to->answer(std::move(given)); });
    } catch (const std::exception&) { // The handler's own; its request is answered all the same.
    }
    to.reset();
    co_return co_await slot::wait(answer);
  }

  static asio::awaitable<bool> write(beast::tcp_stream& stream, bool head, bool open,
                                     local_answer answer) {
    http_1::response<http_1::string_body> made{static_cast<http_1::status>(answer.status), 11};
    made.set(http_1::field::content_type, answer.content_type);
    made.set(http_1::field::cache_control, "no-store");
    for (const auto& [name, value] : answer.headers)
      made.set(name, value);
    made.keep_alive(open);
    made.body() = std::move(answer.body);
    made.prepare_payload();
    if (head)
      made.body().clear();
    auto [error, size] =
        co_await http_1::async_write(stream, made, asio::as_tuple(asio::use_awaitable));
    co_return open && !error;
  }

  local_server_options options_;
  handler handle_;
  std::shared_ptr<asio::io_context> io_ = std::make_shared<asio::io_context>(1);
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::size_t connections_ = 0;
  std::set<beast::tcp_stream*> idle_;
  bool stopping_ = false;
  std::binary_semaphore ended_{0};
  std::thread thread_;
};

local_server::local_server(std::unique_ptr<impl> made) : impl_(std::move(made)) {}
local_server::~local_server() = default;

result<std::unique_ptr<local_server>> local_server::open(const local_server_options& options,
                                                         handler handle) {
  try {
    return std::unique_ptr<local_server>{
        new local_server{std::make_unique<impl>(options, std::move(handle))}};
  } catch (const boost::system::system_error& error) {
    return failure{errc::misconfigured,
                   "cannot listen on " + options.address + ":" + std::to_string(options.port) +
                       " (" + error.code().message() + "); choose another address or port",
                   0,
                   {}};
  }
}

std::uint16_t local_server::port() const noexcept {
  return impl_->port();
}

void local_server::stop(std::chrono::milliseconds grace) noexcept {
  impl_->stop(grace);
}

bool is_loopback(std::string_view address) {
  beast::error_code error;
  auto read = asio::ip::make_address(std::string{address}, error);
  return !error && read.is_loopback();
}

} // namespace tutti
