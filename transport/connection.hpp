// One connection: connects, then serves one exchange after the other until something ends it.
#pragma once

#include <base/threads/job_door.hpp>
#include <transport/client.hpp>
#include <transport/connect/connect_race.hpp>
#include <transport/connect/name_look_ups.hpp>
#include <transport/message/answer_reader.hpp>
#include <transport/message/request_head.hpp>
#include <transport/socket/watched_socket.hpp>
#include <transport/tls/tls.hpp>

#include <tutti/config.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tutti::transport {

class connection;

/// Where connections report to; null once it is gone.
class connection_owner {
public:
  /// The exchange is over; the connection is idle, or closed when `!connection.open()`.
  virtual void served(connection& which, exchange_id exchange, outcome how) = 0;

  /// An idle connection was closed by the host.
  virtual void lost(connection& which) = 0;

  /// There is no file descriptor for it. True: it is kept with its exchange until there is one, or
  /// another connection takes the exchange over; false: the exchange fails.
  virtual bool starved(connection& which) = 0;

protected:
  ~connection_owner() = default;
};

/// Lives as long as an operation of it is pending. Handlers run on the thread of the `io_context`.
class connection : public std::enable_shared_from_this<connection> {
public:
  /// `tls` is null for plain HTTP; `group` is the owner's.
  connection(std::shared_ptr<socket_watch> watch, std::shared_ptr<name_look_ups> names,
             const host_config& host, const http_config& settings, std::shared_ptr<tls_host> tls,
             connection_owner* owner, std::size_t group);

  ~connection();

  /// Serves one exchange; the connection must be fresh or idle. Copies the request.
  void serve(exchange_id which, const outgoing& request);

  /// A starved one tries to connect again.
  void connect_again() { resolve(); }
  /// Serves the exchange of a starved one, which is left without.
  void take_over(connection& starved);

  /// Ends it without a word to the owner.
  void close() noexcept;

  using clock = std::chrono::steady_clock;

  bool open() const noexcept { return !closed_; }
  /// Whether it can serve at once.
  bool connected() const noexcept { return connected_ && !closed_; }
  /// Whether it serves an exchange, on a connection that has served before, without a byte of an
  /// answer so far.
  bool unanswered() const noexcept { return exchange_ != 0 && reused_ && !reader_.begun(); }
  clock::time_point opened() const noexcept { return opened_; }
  /// Whether its exchange must not be taken over by one that has served before.
  bool wants_to_be_fresh() const noexcept { return wants_to_be_fresh_; }
  /// Since when it is idle, or was before its present exchange.
  clock::time_point idle_since() const noexcept { return idle_since_; }
  void idle_from(clock::time_point now) noexcept { idle_since_ = now; }
  exchange_id current() const noexcept { return exchange_; }
  std::size_t group() const noexcept { return group_; }

  /// The one shown to the host; null: none.
  const crypto::client_certificate* certificate() const noexcept {
    return tls_ ? tls_->shown().get() : nullptr;
  }

private:
  // Concrete executors: no type erasure on the hot path.
  using executor = boost::asio::io_context::executor_type;
  using tcp = boost::asio::ip::tcp;
  using socket = connect_race::socket;
  using timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, executor>;
  using error = boost::system::error_code;

  static constexpr std::size_t read_size = 16'384;

  void resolve();
  void connect(const name_look_ups::addresses& addresses);
  void on_connected(socket&& with);
  /// Has the proxy open a way to the host.
  void tunnel();
  void read_tunnel();
  void tunnelled();
  /// What came is no answer, or too large.
  void unreadable(error ec);
  /// The way to the host is open.
  void open_way();
  void shake_hands();
  void ready();
  void write();
  /// Sends what follows the beginning of the body; `sent` bytes of it are out.
  void write_rest(std::uint64_t sent);
  void write_part(std::uint64_t sent, result<std::string> part);
  void read();
  void received(error ec, std::size_t bytes);
  void parse();
  void ended_by_host(error ec);
  /// The answer is in an encoding that the request did not ask for.
  void encoded();
  void fail_to_connect(error ec);
  /// The proxy wants to know who we are: fails the exchange.
  bool refused_by_proxy();
  void fail_at_proxy(int status, const std::string& reason);
  void finish(outcome how);
  void fail(errc kind, const std::string& what, const char* code = "", bool stale = false);
  void fail(failure why, bool stale);
  void shut() noexcept;
  std::string where() const;
  /// For people, in brackets: which addresses were tried.
  std::string tried() const;
  bool through_proxy() const noexcept { return !host_.proxy.host.empty(); }

  /// Calls `act` with the stream to read from and write to.
  template <class Act>
  void with_stream(Act&& act) {
    if (stream_)
      act(*stream_);
    else
      act(socket_);
  }

  const std::size_t group_;
  // Copies: an operation may end after the pool.
  const host_config host_;
  const request_head head_;
  const http_config settings_;
  connection_owner* owner_;
  std::shared_ptr<tls_host> tls_;
  /// Until the way to the host is open.
  socket connecting_;
  /// From then on.
  watched_socket socket_;
  std::optional<boost::asio::ssl::stream<watched_socket&>> stream_;
  std::shared_ptr<name_look_ups> names_;
  std::shared_ptr<connect_race> race_;
  timer connect_timer_;
  boost::beast::flat_buffer in_;
  std::string out_;
  /// Of the body, after what is in `out_`; null: nothing.
  std::shared_ptr<const body_source> rest_;
  /// Through which its parts come from the threads that read them; null: there was none so far.
  std::shared_ptr<job_door> parts_;
  answer_reader reader_;
  exchange_id exchange_ = 0;
  bool connected_ = false;
  bool closed_ = false;
  bool writing_ = false;
  /// Has served an exchange before the current one.
  bool reused_ = false;
  bool wants_to_be_fresh_ = false;
  clock::time_point opened_ = clock::now();
  clock::time_point idle_since_;
};

} // namespace tutti::transport
