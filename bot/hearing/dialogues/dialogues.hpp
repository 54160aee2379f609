// The dialogues of a bot: begins them, hands them answers and times that have passed, ends them.
#pragma once

#include <bot/hearing/commands/command_set.hpp>
#include <bot/hearing/dialogues/dialogue_record.hpp>
#include <bot/hearing/dialogues/dialogue_run.hpp>

#include <tutti/chat.hpp>
#include <tutti/log.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tutti {

/// From any thread; those of one stream one after the other.
class dialogues {
public:
  using command = commands::command_set::command;

  /// What it needs of its neighbours.
  struct services {
    std::function<task<user_id>()> own_id;
    std::function<command_texts(const chat&)> texts;
    /// The command with that name; null: there is none any more.
    std::function<const command*(std::string_view)> named;
    /// What a message is as a command, from that word on.
    std::function<commands::command_set::found(const commands::words&, std::size_t)> find;
  };

  dialogues(bot& owner, services around) : owner_(owner), around_(std::move(around)) {}

  void log_to(logger log) { log_ = std::move(log); }

  /// A command that begins one is called.
  task<> begin(chat& where, const command& which, std::vector<argument_value> arguments);
  /// Whether the message was an answer, or ended a dialogue.
  task<bool> hear(chat& where);
  /// Whether the timer was one of a dialogue.
  task<bool> on_timer(chat& where);
  /// People have left a room: what they had begun there has ended.
  task<> on_left(chat& where);

private:
  struct found {
    std::string scope;
    dialogue_record record;
  };

  task<std::optional<found>> look_up(std::string scope);
  /// That of the sender, or of the whole stream.
  task<std::optional<found>> waiting_here(chat& where);
  task<> run(chat& where, found& which, std::optional<detail::dialogue_input> input);
  task<> end(chat& where, found& which, const dialogue_over& why);
  task<> say(chat& where, const found& which, const std::string& text);
  void keep(chat& where, found& which);
  void forget(chat& where, const found& which);
  /// When it has failed since its last step that was kept.
  std::optional<std::chrono::system_clock::time_point> begin_run(const std::string& id,
                                                                 const event& what);
  void end_run(const std::string& id);

  bot& owner_;
  services around_;
  logger log_;
  std::mutex lock_;
  /// Those that run, or have failed: what they have said since may have been sent.
  std::map<std::string, std::chrono::system_clock::time_point> failed_;
};

} // namespace tutti
