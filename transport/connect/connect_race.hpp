// Connects to the first of several addresses that answers (RFC 8305, "happy eyeballs").
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tutti::transport {

/// The order in which to try them: `good`, when it is among them, then the families by turns,
/// beginning with the family of the first (RFC 8305, 4).
std::vector<boost::asio::ip::tcp::endpoint>
in_order(std::vector<boost::asio::ip::tcp::endpoint> all,
         const std::optional<boost::asio::ip::tcp::endpoint>& good);

/// Tries one address after the other: the next one 250 ms after the last (RFC 8305, 5), or at once
/// when that one has failed. The first that answers wins, and the others are given up. Used on the
/// thread of `io`.
class connect_race : public std::enable_shared_from_this<connect_race> {
public:
  using tcp = boost::asio::ip::tcp;
  using executor = boost::asio::io_context::executor_type;
  using socket = boost::asio::basic_stream_socket<tcp, executor>;
  using error = boost::system::error_code;
  /// The socket is open when there is no error.
  using handler = std::function<void(error, socket&&)>;

  /// `done` is called once, later than `start`; `addresses` are tried in this order.
  connect_race(boost::asio::io_context& io, std::vector<tcp::endpoint> addresses, handler done);

  void start();

  /// Ends without a call of `done`.
  void cancel() noexcept;

  /// For people: each address tried so far with what came of it.
  std::string tried() const;

private:
  struct attempt {
    socket with;
    tcp::endpoint to;
    /// Unset while it is under way.
    std::optional<error> ended;
  };

  void try_next();
  void ended(std::size_t which, error ec);
  void finish(error ec, socket&& with);

  boost::asio::io_context& io_;
  const std::vector<tcp::endpoint> addresses_;
  handler done_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, executor>
      pause_;
  std::vector<std::unique_ptr<attempt>> attempts_;
};

} // namespace tutti::transport
