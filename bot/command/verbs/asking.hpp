// Runs a bot for one command: starts it, asks as one identity, writes the answer as lines, ends it.
#pragma once

#include <bot/command/lines.hpp>
#include <bot/command/prepare.hpp>
#include <bot/command/run/signals.hpp>
#include <bot/process/exit_status.hpp>

#include <tutti/bot.hpp>
#include <tutti/by_name.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace tutti::command {

struct asking_options {
  common_options common;
  /// On whose behalf: an id, an e-mail address or a username; empty: the bot itself.
  std::string as;
  /// For the whole command; what takes long by nature has no bound of its own.
  std::chrono::milliseconds timeout{30'000};
  /// What takes long has that bound only when it was asked for.
  bool bounded = false;
};

/// Writes lines and keeps the worst exit status.
class asking {
public:
  explicit asking(const asking_options& options) : options_(options) {}

  /// Calls `act()` with bot and identity at hand; answers the exit status.
  template <class Act>
  int run(Act&& act) {
    auto settings = prepare(options_.common);
    if (!settings)
      return tell(settings.error());
    auto has_bot = !settings->bot.username.empty();
    bot running{std::move(*settings)};
    running_ = &running;
    if (auto started = running.start(); !started)
      return tell(started.error());
    if (!options_.as.empty()) {
      auto found = wait(running.run(find_given_identity(running, options_.as, options_.timeout)));
      if (!found)
        return tell(found.error());
      as_ = *found;
    }
    look_up_as_ = has_bot ? identity{} : as_;
    act();
    running_ = nullptr;
    return status_;
  }

  const identity& as() const { return as_; }
  /// SIGINT has come: what is left should not be begun.
  bool interrupted() const { return interrupted_; }
  /// The same, looking whether it has come by now.
  bool interrupted_by_now() {
    interrupted_ = interrupted_ || interruptions_.take() != 0;
    return interrupted_;
  }

  /// The answer; nothing after a failure, which has been reported.
  template <class Message>
  std::optional<answer_of<Message>> ask(Message message, const std::vector<participant>& of = {}) {
    return told(wait(running_->ask(std::move(message), {options_.timeout})), of);
  }

  /// The ids of those who can be found; reports each of the others.
  std::vector<user_id> find_each(const std::vector<std::string>& users) {
    std::vector<user_id> ids;
    if (users.empty())
      return ids;
    auto found =
        wait(running_->run(find_each_given_user(*running_, users, options_.timeout, look_up_as_)));
    if (!found) {
      tell(found.error(), given(users));
      return ids;
    }
    for (std::size_t at = 0; at < users.size(); ++at) {
      if ((*found)[at])
        ids.push_back(*(*found)[at]);
      else
        tell((*found)[at].error(), {users[at]});
    }
    return ids;
  }

  /// All of them, or nothing; reports each who cannot be found.
  std::optional<std::vector<user_id>> find_all(const std::vector<std::string>& users) {
    auto found = find_each(users);
    return found.size() == users.size() ? std::optional{std::move(found)} : std::nullopt;
  }

  /// Whether the pod has users with all these ids; reports each id without a user. When the look-up
  /// fails, the pod decides later.
  bool are_there(const std::vector<user_id>& ids) {
    auto found = wait(
        running_->ask(find_users{look_up_as_, participant_set::of(ids), user_scope::everywhere},
                      {options_.timeout}));
    if (!found)
      return !interrupted_;
    const auto there = found->users.users();
    bool all = true;
    for (auto each : ids)
      if (!std::binary_search(there.begin(), there.end(), each)) {
        tell(no_such_user(each), {each});
        all = false;
      }
    return all;
  }

  /// A stream id as given; reported when it is none.
  std::optional<stream_id> read_stream(const std::string& text) {
    auto id = stream_id::make(text);
    if (!id)
      id = failure{errc::invalid_participants,
                   "'" + text + "' is no stream id: " + id.error().detail, 0, usage_code};
    return told(std::move(id));
  }

  /// The same for what takes long and has a ticket: SIGINT has it end early, with what it has done.
  template <class Message, class Cancel>
  std::optional<answer_of<Message>> ask_long(Message message, Cancel cancel) {
    if (options_.bounded)
      message.timeout = options_.timeout;
    auto asked = running_->ask(std::move(message));
    while (!asked.wait_for(moment))
      if (interruptions_.take() != 0) {
        interrupted_ = true;
        caf::anon_send(running_->handles().rooms, cancel);
      }
    return told(asked.get());
  }

  /// To standard output.
  void line(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  }

  /// To standard error: what is no failure.
  void note(const std::string& text) { std::fputs(("tutti: " + text + "\n").c_str(), stderr); }

  /// To standard error; answers the status so far.
  int tell(const failure& why, const std::vector<participant>& users = {}) {
    status_ = std::max<int>(status_, exit_status_of(why));
    std::fputs(to_line({users, std::nullopt, why}).c_str(), stderr);
    return status_;
  }

private:
  static constexpr std::chrono::milliseconds moment{50};

  /// SIGINT takes the question back; the second one ends the process as usual.
  template <class Answer>
  result<Answer> wait(pending<Answer> asked) {
    while (!asked.wait_for(moment))
      if (interruptions_.take() != 0) {
        interrupted_ = true;
        asked.cancel();
      }
    auto answer = asked.get();
    if (interrupted_ && answer) // What was looked up is not to be acted on.
      return failure{errc::cancelled, "interrupted", 0, {}};
    return answer;
  }

  static std::vector<participant> given(const std::vector<std::string>& users) {
    return {users.begin(), users.end()};
  }

  template <class Answer>
  std::optional<Answer> told(result<Answer> answer, const std::vector<participant>& of = {}) {
    if (answer)
      return std::move(*answer);
    tell(answer.error(), of);
    return std::nullopt;
  }

  const asking_options& options_;
  signals interruptions_; // Before any thread starts.
  bool interrupted_ = false;
  bot* running_ = nullptr;
  identity as_;
  identity look_up_as_;
  int status_ = done;
};

} // namespace tutti::command
