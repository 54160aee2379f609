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
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/url.hpp>

#include <atomic>
#include <list>
#include <mutex>
#include <optional>
#include <semaphore>
#include <thread>

namespace tutti {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http_1 = beast::http;
using asio::ip::tcp;

namespace {

constexpr std::uint32_t max_header = 8U << 10;

/// For people who can answer a request no more.
constexpr std::chrono::milliseconds time_to_write{500};

local_answer plain_error(int status, const std::string& error, const std::string& detail) {
  return {status,
          R"({"error":")" + error + R"(","code":"server","detail":")" + detail + "\"}",
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
std::optional<local_request> request_of(const http_1::request<http_1::string_body>& from) {
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
  impl(const local_server_options& options, handler handle, logger log)
      : options_(options), handle_(std::move(handle)), log_(std::move(log)), acceptor_(*io_) {
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
    if (!ended_.try_acquire_for(grace)) {
      asio::post(*io_, [this] {
        for (const auto& each : asked_)
          slot::put(each, plain_error(503, "shutting_down", "the bot is stopping"));
      });
      if (grace.count() == 0 || !ended_.try_acquire_for(time_to_write))
        io_->stop();
    }
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
      auto stream = beast::tcp_stream{std::move(socket)};
      if (open_ >= options_.max_connections && !idle_.empty())
        idle_.front()->close(); // Its own coroutine ends then.
      else if (open_ >= options_.max_connections) {
        asio::co_spawn(*io_, turn_away(std::move(stream)), asio::detached);
        continue;
      }
      asio::co_spawn(*io_, serve(std::move(stream)), asio::detached);
    }
  }

  static asio::awaitable<void> turn_away(beast::tcp_stream stream) {
    stream.expires_after(time_to_write);
    auto answer = plain_error(503, "overloaded", "too many connections are open");
    answer.headers.emplace_back("Retry-After", "1");
    co_await write(stream, false, false, std::move(answer));
  }

  /// Counts while it lives.
  class counted {
  public:
    explicit counted(std::size_t& count) : count_(count) { ++count_; }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { --count_; }

  private:
    std::size_t& count_;
  };

  asio::awaitable<void> serve(beast::tcp_stream stream) {
    const auto one = counted{open_};
    beast::flat_buffer buffer;
    bool open = true;
    while (open && !stopping_) {
      http_1::request_parser<http_1::string_body> parser;
      parser.body_limit(options_.max_body);
      parser.header_limit(max_header);
      stream.expires_after(options_.idle);
      idle_.push_back(&stream);
      auto error = co_await read(stream, buffer, parser);
      idle_.remove(&stream);
      auto refused = refusal(error);
      if (error && !refused)
        break;
      local_answer answer;
      if (refused)
        answer = std::move(*refused);
      else
        answer = co_await ask(parser.get());
      open = !error && parser.get().keep_alive() && !stopping_;
      stream.expires_after(options_.idle);
      open = co_await write(stream, parser.get().method() == http_1::verb::head, open,
                            std::move(answer));
    }
    beast::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  static asio::awaitable<beast::error_code>
  read(beast::tcp_stream& stream, beast::flat_buffer& buffer,
       http_1::request_parser<http_1::string_body>& parser) {
    auto [error, size] = co_await http_1::async_read_header(stream, buffer, parser,
                                                            asio::as_tuple(asio::use_awaitable));
    if (error)
      co_return error;
    if (beast::iequals(parser.get()[http_1::field::expect], "100-continue")) {
      http_1::response<http_1::empty_body> go_on{http_1::status::continue_, 11};
      auto [failed, written] =
          co_await http_1::async_write(stream, go_on, asio::as_tuple(asio::use_awaitable));
      if (failed)
        co_return failed;
    }
    auto [broken, rest] =
        co_await http_1::async_read(stream, buffer, parser, asio::as_tuple(asio::use_awaitable));
    co_return broken;
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
    auto request = request_of(from);
    if (!request)
      co_return plain_error(400, "bad_request", "the target is no path");
    auto answer = std::make_shared<slot>(io_);
    auto to = std::make_shared<responder>(answer);
    try {
      handle_(*request, [to](local_answer given) { to->answer(std::move(given)); });
    } catch (const std::exception& error) { // The request is answered all the same.
      log_.error("handler_failed", {{"path", request->path}, {"why", error.what()}});
    } catch (...) { // Somebody else's code, on a thread of ours.
      log_.error("handler_failed", {{"path", request->path}, {"why", "no exception was thrown"}});
    }
    to.reset();
    asked_.push_back(answer);
    auto given = co_await slot::wait(answer);
    asked_.remove(answer);
    co_return given;
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
  logger log_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::size_t open_ = 0;
  /// Who waits for a request, longest first; and for an answer.
  std::list<beast::tcp_stream*> idle_;
  std::list<std::shared_ptr<slot>> asked_;
  bool stopping_ = false;
  std::binary_semaphore ended_{0};
  std::thread thread_;
};

local_server::local_server(std::unique_ptr<impl> made) : impl_(std::move(made)) {}
local_server::~local_server() = default;

result<std::unique_ptr<local_server>> local_server::open(const local_server_options& options,
                                                         handler handle, logger log) {
  try {
    return std::unique_ptr<local_server>{
        new local_server{std::make_unique<impl>(options, std::move(handle), std::move(log))}};
  } catch (const boost::system::system_error& error) {
    return failure{errc::misconfigured,
                   "cannot listen on " + options.address + ":" + std::to_string(options.port) +
                       " (" + error.code().message() + "); choose another address or port",
                   0, error.code() == asio::error::address_in_use ? "address_in_use" : ""};
  }
}

std::uint16_t local_server::port() const noexcept {
  return impl_->port();
}

void local_server::stop(std::chrono::milliseconds grace) noexcept {
  impl_->stop(grace);
}

bool is_address(std::string_view address) {
  beast::error_code error;
  asio::ip::make_address(std::string{address}, error);
  return !error;
}

bool is_loopback(std::string_view address) {
  beast::error_code error;
  auto read = asio::ip::make_address(std::string{address}, error);
  return !error && read.is_loopback();
}

} // namespace tutti
