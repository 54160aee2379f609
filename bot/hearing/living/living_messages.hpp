// The living messages of a bot: carries out what living_updates decides.
#pragma once

#include <bot/hearing/living/living_updates.hpp>

#include <tutti/chat.hpp>
#include <tutti/living_message.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/messages.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace tutti {

/// From any thread.
class living_messages : public std::enable_shared_from_this<living_messages> {
public:
  using resume_later = std::function<void(std::function<void()>)>;
  using number = living_updates::number;

  /// `how`: resumes a coroutine on CAF's scheduler.
  living_messages(bot& owner, std::function<resume_later()> how)
      : owner_(owner), how_(std::move(how)) {}

  void log_to(logger log) { log_ = std::move(log); }

  /// One that was said, and shows that; `note` goes behind what is shown last when it is broken
  /// off.
  number add(message said, outgoing_message shown, std::string note);
  void show(number which, outgoing_message what);
  /// Its handler does not come to its end.
  void break_off(number which);

  struct ended {
    message newest;
    /// Why the last state was not shown.
    std::optional<failure> failed;
    outgoing_message last;
  };
  /// `co_await` gives how it ended, when it has.
  class awaiter;
  awaiter end(number which, std::optional<outgoing_message> what);

  /// The bot is about to stop: all are broken off, and what they show last is sent, until then.
  void finish(std::chrono::steady_clock::time_point until);
  /// Those who wait get nothing.
  void forget_all();

private:
  struct line {
    message newest;
    outgoing_message shown;
    std::string note;
    std::optional<failure> failed{};
    /// Who waits for its end.
    std::coroutine_handle<> waiting{};
    ended* result = nullptr;
    resume_later how{};
    bool logged = false;
  };
  using lock = std::unique_lock<std::mutex>;

  /// Sends those whose turn it is.
  void pump();
  void send(const living_updates::update& what, update_message asked);
  void answered(number which, result<message> came);
  void arm(const lock& held);
  /// With the lock held.
  void forget(std::unordered_map<number, line>::iterator which);

  bot& owner_;
  std::function<resume_later()> how_;
  logger log_;
  std::mutex lock_;
  std::condition_variable all_over_;
  living_updates updates_;
  std::unordered_map<number, line> lines_;
  /// When `pump` is called next.
  std::optional<living_updates::time_point> armed_;
};

class living_messages::awaiter {
public:
  awaiter(living_messages& of, number which, std::optional<outgoing_message> what)
      : of_(of), which_(which), what_(std::move(what)) {}

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> here);
  ended await_resume() { return std::move(result_); }

private:
  living_messages& of_;
  number which_;
  std::optional<outgoing_message> what_;
  ended result_{};
};

/// What a `living_message` refers to.
class detail::living_line {
public:
  living_line(std::shared_ptr<living_messages> all, living_messages::number which,
              std::shared_ptr<const event> what, stream_id where, int said, bot& owner)
      : all_(std::move(all)), which_(which), event_(std::move(what)), where_(std::move(where)),
        said_(said), owner_(owner) {}
  living_line(const living_line&) = delete;
  living_line& operator=(const living_line&) = delete;

  void show(outgoing_message what);
  task<message> end(std::optional<outgoing_message> what);
  /// Its handler has left it.
  void leave() noexcept;

private:
  std::shared_ptr<living_messages> all_;
  living_messages::number which_;
  std::shared_ptr<const event> event_;
  stream_id where_;
  /// The number of what is said in its place when the message may not be updated.
  int said_;
  bot& owner_;
  bool over_ = false;
};

} // namespace tutti
