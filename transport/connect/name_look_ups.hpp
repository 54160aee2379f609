// Looks host names up on other threads, so that a silent name server does not block the loop.
#pragma once

#include <base/threads/job_door.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti::transport {

/// One look-up at a time for each name, each on a thread of its own that is left behind when the
/// pool ends. Asio's resolver would keep the end of the loop waiting for it. Used on the thread of
/// `io`.
class name_look_ups {
public:
  using addresses = std::vector<boost::asio::ip::tcp::endpoint>;
  using handler = std::function<void(boost::system::error_code, const addresses&)>;

  explicit name_look_ups(boost::asio::io_context& io);

  /// An address is answered without a look-up; `answer` is always called later, on the loop, with
  /// the addresses in the order in which to try them.
  void look_up(const std::string& host, std::uint16_t port, handler answer);

  /// That address let us connect: the next look-up of the name puts it first.
  void worked(const std::string& host, std::uint16_t port,
              const boost::asio::ip::tcp::endpoint& address);

  /// Answers no look-up any more.
  void close();

private:
  using name = std::pair<std::string, std::uint16_t>;
  struct asked {
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
    std::vector<handler> waiting;
  };

  void found(const name& which, boost::system::error_code error, const addresses& all);

  boost::asio::io_context& io_;
  std::shared_ptr<job_door> door_;
  std::map<name, asked> under_way_;
  std::map<name, boost::asio::ip::tcp::endpoint> good_;
};

} // namespace tutti::transport
