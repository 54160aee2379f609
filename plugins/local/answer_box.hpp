// Where the answer to one request is left, for the connection that waits for it.
#pragma once

#include <base/threads/job_door.hpp>

#include <tutti/local_server.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <optional>

namespace tutti {

/// May outlive the server: what is put in then is dropped.
class answer_box {
public:
  explicit answer_box(std::shared_ptr<job_door> door) : door_(std::move(door)) {}

  /// From any thread; the first answer counts.
  static void put(const std::shared_ptr<answer_box>& into, local_answer answer);

  // -- on the server's thread -----------------------------------------------------

  bool full() const noexcept { return answer_.has_value(); }

  /// Returns when it is full or the wait is cancelled.
  static boost::asio::awaitable<void> wait(std::shared_ptr<answer_box> at);

  /// Of a full box, once.
  local_answer take() { return std::move(*answer_); }

private:
  std::shared_ptr<job_door> door_;
  std::atomic<bool> given_{false};
  // Of the server's thread.
  std::optional<local_answer> answer_;
  boost::asio::steady_timer* waiting_ = nullptr;
};

/// What a handler answers by; if its last copy goes unused the request gets 500.
local_server::respond respond_into(const std::shared_ptr<answer_box>& box);

/// `{"error":..,"code":"server","detail":..}`
local_answer server_error(int status, const std::string& error, const std::string& detail);

} // namespace tutti
