#include <tutti/local_client.hpp>

#include <base/threads/run_guarded.hpp>

#include <tutti/bot.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace tutti {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http_1 = beast::http;
using asio::ip::tcp;

namespace {

constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

const failure ended{errc::shutting_down, "the local client has ended", 0, "local"};

/// Its asker gets an answer on every way out.
template <class T>
class answer_once {
public:
  explicit answer_once(std::function<void(result<T>)> answer) : answer_(std::move(answer)) {}
  answer_once(answer_once&& other) noexcept : answer_(std::exchange(other.answer_, nullptr)) {}
  answer_once& operator=(answer_once&&) = delete;
  ~answer_once() {
    if (answer_)
      answer_(ended);
  }
  void operator()(result<T> came) { std::exchange(answer_, nullptr)(std::move(came)); }

private:
  std::function<void(result<T>)> answer_;
};

failure failed(const boost::system::error_code& why, const std::string& url) {
  if (why == asio::error::operation_aborted)
    return ended;
  if (why == beast::error::timeout)
    return {errc::deadline_exceeded, url + " does not answer in time", 0, "local"};
  const auto is_http = why.category() == make_error_code(http_1::error::end_of_stream).category();
  return {is_http ? errc::protocol_error : errc::unreachable, url + ": " + why.message(), 0,
          "local"};
}

} // namespace

class local_stream::state : public std::enable_shared_from_this<local_stream::state> {
public:
  state(asio::io_context& io, tutti::bot& owner, local_call what)
      : owner_(owner), stream_(io), call_(std::move(what)) {
    parser_.body_limit(boost::none);
  }

  const local_call& call() const noexcept { return call_; }
  int status() const noexcept { return status_; }
  const std::string& content_type() const noexcept { return content_type_; }

  /// What it waits for fails.
  void close() {
    boost::system::error_code ignored;
    stream_.socket().close(ignored);
  }

  /// Until the head of the answer.
  asio::awaitable<std::optional<failure>> begin() {
    const auto url = boost::urls::parse_uri(call_.url).value();
    stream_.expires_after(call_.timeout);
    tcp::resolver resolver{stream_.get_executor()};
    const std::string host{url.host_address()};
    const std::string port{url.has_port() && !url.port().empty() ? std::string{url.port()} : "80"};
    auto [unknown, places] = co_await resolver.async_resolve(host, port, tuple);
    if (unknown)
      co_return failed(unknown, call_.url);
    auto [refused, place] = co_await stream_.async_connect(places, tuple);
    if (refused)
      co_return failed(refused, call_.url);
    http_1::request<http_1::string_body> request;
    request.method_string(call_.method);
    std::string target{url.encoded_path().empty() ? "/" : url.encoded_path()};
    if (url.has_query())
      target.append("?").append(std::string_view{url.encoded_query()});
    request.target(target);
    request.set(http_1::field::host, std::string_view{url.encoded_host_and_port()});
    request.set(http_1::field::connection, "close");
    if (!call_.body.empty())
      request.set(http_1::field::content_type, call_.content_type);
    for (const auto& [name, value] : call_.headers)
      request.set(name, value);
    request.body() = call_.body;
    request.prepare_payload();
    auto [unsent, written] = co_await http_1::async_write(stream_, request, tuple);
    if (unsent)
      co_return failed(unsent, call_.url);
    auto [unread, count] = co_await http_1::async_read_header(stream_, buffer_, parser_, tuple);
    if (unread)
      co_return failed(unread, call_.url);
    status_ = static_cast<int>(parser_.get().result_int());
    content_type_ = std::string{parser_.get()[http_1::field::content_type]};
    co_return std::nullopt;
  }

  /// What comes next of the body; empty at its end.
  asio::awaitable<result<std::string>> part(bool each_has_its_time) {
    std::array<char, 16'384> space{};
    if (each_has_its_time)
      stream_.expires_after(call_.timeout);
    while (!parser_.is_done()) {
      auto& body = parser_.get().body();
      body.data = space.data();
      body.size = space.size();
      auto [error, count] = co_await http_1::async_read_some(stream_, buffer_, parser_, tuple);
      if (error && error != http_1::error::need_buffer)
        co_return failed(error, call_.url);
      if (const auto came = space.size() - parser_.get().body().size; came > 0)
        co_return std::string{space.data(), came};
    }
    co_return std::string{};
  }

  pending<std::string> next() {
    auto [answer, settle] = owner_.promise<std::string>();
    auto work = [](std::shared_ptr<state> self,
                   answer_once<std::string> done) -> asio::awaitable<void> {
      done(co_await self->part(true));
    };
    asio::co_spawn(stream_.get_executor(),
                   work(shared_from_this(), answer_once<std::string>{std::move(settle)}),
                   asio::detached);
    return std::move(answer);
  }

private:
  tutti::bot& owner_;
  beast::tcp_stream stream_;
  local_call call_;
  beast::flat_buffer buffer_;
  http_1::response_parser<http_1::buffer_body> parser_;
  int status_ = 0;
  std::string content_type_;
};

int local_stream::status() const noexcept {
  return state_->status();
}

const std::string& local_stream::content_type() const noexcept {
  return state_->content_type();
}

pending<std::string> local_stream::next() {
  return state_->next();
}

class local_client::impl {
public:
  explicit impl(tutti::bot& owner) : owner_(owner), stays_(io_.get_executor()) {
    thread_ = std::thread{[this] { run_guarded(io_, [](const char*) {}); }};
  }
  ~impl() {
    io_.stop();
    thread_.join();
  }
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  void stop() noexcept {
    stopped_ = true;
    asio::post(io_, [this] {
      for (const auto& each : live_)
        if (const auto one = each.lock())
          one->close();
      live_.clear();
    });
  }

  pending<local_stream> open(local_call what) {
    auto [answer, settle] = owner_.promise<local_stream>();
    answer_once<local_stream> done{std::move(settle)};
    if (auto why = flaw_of(what.url); !why.empty()) {
      done(failure{errc::misconfigured, std::move(why), 0, "url"});
    } else {
      auto work = [](impl& self, std::shared_ptr<local_stream::state> one,
                     answer_once<local_stream> settled) -> asio::awaitable<void> {
        if (!self.enter(one))
          co_return settled(ended);
        if (auto refused = co_await one->begin())
          settled(*refused);
        else
          settled(local_stream{std::move(one)});
      };
      asio::co_spawn(io_, work(*this, made(std::move(what)), std::move(done)), asio::detached);
    }
    return std::move(answer);
  }

  pending<local_reply> send(local_call what) {
    auto [answer, settle] = owner_.promise<local_reply>();
    answer_once<local_reply> done{std::move(settle)};
    if (auto why = flaw_of(what.url); !why.empty())
      done(failure{errc::misconfigured, std::move(why), 0, "url"});
    else
      asio::co_spawn(io_, send(made(std::move(what)), std::move(done)), asio::detached);
    return std::move(answer);
  }

private:
  std::shared_ptr<local_stream::state> made(local_call what) {
    return std::make_shared<local_stream::state>(io_, owner_, std::move(what));
  }

  /// On the client's thread. False: it has been stopped.
  bool enter(const std::shared_ptr<local_stream::state>& one) {
    std::erase_if(live_, [](const auto& each) { return each.expired(); });
    live_.push_back(one);
    return !stopped_;
  }

  asio::awaitable<void> send(std::shared_ptr<local_stream::state> one,
                             answer_once<local_reply> done) {
    if (!enter(one))
      co_return done(ended);
    if (auto refused = co_await one->begin())
      co_return done(*refused);
    local_reply made{one->status(), one->content_type()};
    while (true) {
      auto part = co_await one->part(false);
      if (!part)
        co_return done(part.error());
      if (part->empty())
        co_return done(std::move(made));
      made.body += *part;
      if (made.body.size() > one->call().max_body)
        co_return done(failure{errc::protocol_error,
                               one->call().url + " answers more than " +
                                   std::to_string(one->call().max_body) + " bytes",
                               0, "local"});
    }
  }

  tutti::bot& owner_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> stays_;
  std::atomic<bool> stopped_{false};
  /// Of the client's thread.
  std::vector<std::weak_ptr<local_stream::state>> live_;
  std::thread thread_;
};

local_client::local_client(tutti::bot& owner) : impl_(std::make_unique<impl>(owner)) {}

local_client::~local_client() = default;

void local_client::stop() noexcept {
  impl_->stop();
}

pending<local_reply> local_client::send(local_call what) {
  return impl_->send(std::move(what));
}

pending<local_stream> local_client::open(local_call what) {
  return impl_->open(std::move(what));
}

} // namespace tutti
