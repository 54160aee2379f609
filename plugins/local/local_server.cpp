// Listens, on a thread of its own, and hands what comes to the connections.
#include <tutti/local_server.hpp>

#include <base/threads/run_guarded.hpp>
#include <plugins/local/connections.hpp>
#include <plugins/local/reserve_descriptor.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <semaphore>
#include <system_error>
#include <thread>

namespace tutti {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// For answers to requests that the end of the server cuts short.
constexpr std::chrono::milliseconds time_to_write{500};

constexpr std::size_t most_body = std::size_t{64} << 20;
constexpr std::size_t most_connections = 10'000;

} // namespace

class local_server::impl {
public:
  impl(local_server_options options, handler handle, const logger& log)
      : log_(log), connections_(io_, limited(options, log), std::move(handle), log),
        acceptor_(io_) {
    auto where = tcp::endpoint{asio::ip::make_address(options.address), options.port};
    acceptor_.open(where.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address{true});
    acceptor_.bind(where);
    acceptor_.listen();
    acceptor_.non_blocking(true);
    port_ = acceptor_.local_endpoint().port();
    go_on_accepting();
    thread_ = std::thread{[this] {
      run_guarded(io_, [this](const char* why) { log_.error("request_failed", {{"why", why}}); });
      ended_.release();
    }};
  }

  ~impl() { stop(std::chrono::milliseconds{0}); }

  std::uint16_t port() const noexcept { return port_; }

  void stop(std::chrono::milliseconds grace) noexcept {
    if (!thread_.joinable())
      return;
    asio::post(io_, [this] {
      boost::system::error_code ignored;
      acceptor_.close(ignored);
      connections_.stop();
    });
    grace = std::min<std::chrono::milliseconds>(grace, std::chrono::hours{24});
    if (!ended_.try_acquire_for(grace)) {
      asio::post(io_, [this] { connections_.turn_out(); });
      if (grace.count() == 0 || !ended_.try_acquire_for(time_to_write))
        io_.stop();
    }
    thread_.join();
    connections_.close_door();
  }

private:
  static local_server_options limited(local_server_options options, const logger& log) {
    auto most = std::max<std::size_t>(1, descriptor_limit() / 4);
    if (options.max_connections > most) {
      log.warn("connections_limited",
               {{"connections", std::to_string(most)},
                {"why", "this process may open few descriptors; see LimitNOFILE, ulimit -n"}});
      options.max_connections = most;
    }
    return options;
  }

  void go_on_accepting() {
    asio::co_spawn(io_, accept(), [this](const std::exception_ptr& thrown) {
      if (thrown)
        go_on_accepting();
      rethrow(thrown);
    });
  }

  asio::awaitable<void> accept() {
    while (acceptor_.is_open()) {
      auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
      if (error == asio::error::operation_aborted || !acceptor_.is_open())
        break;
      if (!error) {
        boost::system::error_code ignored;
        auto reached = socket.local_endpoint(ignored).address();
        connections_.take(std::move(socket), reached);
        continue;
      }
      if (!is_shortage(error)) // The client has gone already, say.
        continue;
      // An evicted connection frees a descriptor; else this client is closed without an answer.
      if (connections_.evict())
        continue;
      reserve_.spend([this] {
        boost::system::error_code ignored;
        acceptor_.accept(ignored).close(ignored);
      });
      note_unheard(error);
      asio::steady_timer pause{io_, std::chrono::milliseconds{50}};
      co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

  static bool is_shortage(const boost::system::error_code& error) {
    return error == asio::error::no_descriptors || error == asio::error::no_memory ||
           error == asio::error::no_buffer_space ||
           error == boost::system::errc::too_many_files_open_in_system;
  }

  void note_unheard(const boost::system::error_code& error) {
    ++unheard_;
    auto now = std::chrono::steady_clock::now();
    if (now - unheard_logged_ < std::chrono::seconds{10})
      return;
    unheard_logged_ = now;
    log_.error(
        "clients_turned_away",
        {{"count", std::to_string(unheard_)},
         {"why", error.message() + "; all descriptors are in use: see LimitNOFILE, ulimit -n"}});
  }

  logger log_;
  local_connections connections_;
  // After the connections: the coroutines that end with it are in their lists.
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  reserve_descriptor reserve_;
  std::uint16_t port_ = 0;
  std::size_t unheard_ = 0;
  std::chrono::steady_clock::time_point unheard_logged_;
  std::binary_semaphore ended_{0};
  std::thread thread_;
};

local_server::local_server(std::unique_ptr<impl> made) : impl_(std::move(made)) {}
local_server::~local_server() = default;

std::string flaw_of(const local_server_options& options) {
  if (!is_address(options.address))
    return "address: '" + options.address + "' is no IP address, such as 127.0.0.1";
  if (options.max_body < 1 || options.max_body > most_body)
    return "maxBody: give 1 to " + std::to_string(most_body) + " bytes";
  if (options.max_connections < 1 || options.max_connections > most_connections)
    return "maxConnections: give 1 to " + std::to_string(most_connections);
  return {};
}

result<std::unique_ptr<local_server>> local_server::open(const local_server_options& options,
                                                         handler handle, logger log) {
  if (auto wrong = flaw_of(options); !wrong.empty())
    return failure{errc::misconfigured, wrong, 0, {}};
  const auto place = options.address + ":" + std::to_string(options.port);
  try {
    return std::unique_ptr<local_server>{
        new local_server{std::make_unique<impl>(options, std::move(handle), log)}};
  } catch (const boost::system::system_error& error) {
    return failure{errc::misconfigured,
                   "cannot listen on " + place + " (" + error.code().message() +
                       "); choose another address or port",
                   0, error.code() == asio::error::address_in_use ? "address_in_use" : ""};
  } catch (const std::system_error& error) {
    return failure{errc::internal,
                   "cannot serve " + place + ": no thread can be started (" +
                       error.code().message() + "); see TasksMax, pids.max, ulimit -u",
                   0, "threads"};
  }
}

std::uint16_t local_server::port() const noexcept {
  return impl_->port();
}

void local_server::stop(std::chrono::milliseconds grace) noexcept {
  impl_->stop(grace);
}

} // namespace tutti
