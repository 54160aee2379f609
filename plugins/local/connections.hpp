// The connections of a local server: each a coroutine on the server's thread.
#pragma once

#include <plugins/local/answer_box.hpp>
#include <plugins/local/request_reader.hpp>

#include <tutti/local_server.hpp>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <string>

namespace tutti {

/// Used on the thread of `io`. Destroy it when `io` has stopped running and holds no coroutine any
/// more, or together with it.
class local_connections {
public:
  using socket = boost::asio::generic::stream_protocol::socket;

  local_connections(boost::asio::io_context& io, local_server_options options,
                    local_server::handler handle, logger log);

  /// Serves a connection that came to the address `reached`. One more than the options allow takes
  /// the place of one that may be evicted, or gets 503.
  void take(socket fresh, boost::asio::ip::address reached);

  /// Closes one connection: of a client that has hung up, or else of one that asks nothing, of
  /// those the longest idle. False when all are busy.
  bool evict();

  /// Takes no further requests: closes who asks nothing.
  void stop();

  /// Answers those under way with 503.
  void turn_out();

  /// Drops what is answered from now on by other threads.
  void close_door() { door_->close(); }

private:
  struct connection;
  class place;

  boost::asio::awaitable<void> serve(socket stream, boost::asio::ip::address reached);
  boost::asio::awaitable<bool> serve_one(connection& one);
  boost::asio::awaitable<bool> read(connection& one, request_reader& reader);
  boost::asio::awaitable<local_answer> ask(connection& one, const local_request& request);
  boost::asio::awaitable<void> watch(connection& one);
  boost::asio::awaitable<void> slow_down(connection& one);
  boost::asio::awaitable<bool> write(connection& one, bool head, bool open, local_answer answer);
  boost::asio::awaitable<void> turn_away(socket stream);
  boost::asio::awaitable<void> farewell(socket& stream);
  void note_evicted();

  boost::asio::io_context& io_;
  local_server_options options_;
  local_server::handler handle_;
  logger log_;
  std::shared_ptr<job_door> door_;
  /// Those served; one whose place was taken does not count.
  std::size_t open_ = 0;
  std::list<connection*> all_;
  /// Those that may be evicted: clients that ask nothing, longest idle first; and clients that have
  /// hung up.
  std::list<connection*> idle_;
  std::list<connection*> hung_up_;
  std::size_t turned_away_ = 0;
  std::size_t evicted_ = 0;
  std::chrono::steady_clock::time_point evictions_logged_;
  bool stopping_ = false;
  /// Wrong tokens of all connections, and when the last one came.
  int guesses_ = 0;
  std::chrono::steady_clock::time_point guessed_;
};

} // namespace tutti
