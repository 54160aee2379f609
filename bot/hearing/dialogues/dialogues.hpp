// The dialogues of a bot: begins them, hands them answers and times that have passed, ends them.
#pragma once

#include <bot/hearing/commands/command_listener.hpp>
#include <bot/hearing/dialogues/dialogue_record.hpp>
#include <bot/hearing/dialogues/dialogue_run.hpp>
#include <bot/hearing/forms/forms.hpp>

#include <tutti/chat.hpp>
#include <tutti/log.hpp>

#include <atomic>
#include <functional>
#include <memory>
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
    std::function<command_texts(const chat&)> texts;
    /// The command with that name; null: there is none any more.
    std::function<const command*(std::string_view)> named;
    /// Where an answer or a command begins in a message.
    std::function<task<commands::command_listener::beginning>(chat&, const commands::words&)> begin;
    /// What a message is as a command, from that word on.
    std::function<commands::command_set::found(const commands::words&, std::size_t)> find;
    /// Whether a dialogue may be with a whole stream.
    std::function<bool()> any_whole_stream;
    /// Whether what a plugin has declared counts; it throws while the plugin stops.
    std::function<bool(const std::shared_ptr<const std::atomic<bool>>&)> takes_part;
    forms& said_forms;
  };

  dialogues(bot& owner, services around) : owner_(owner), around_(std::move(around)) {}

  void log_to(logger log) { log_ = std::move(log); }

  /// A command that begins one is called.
  task<> begin(chat& where, const command& which, std::vector<argument_value> arguments);
  /// Code begins the one of that name. False: another one is open.
  task<bool> begin_named(chat& where, std::string name, std::vector<argument_value> arguments);
  /// Whether the message was an answer, or ended a dialogue.
  task<bool> hear(chat& where);
  /// Whether the reply was to the form of a dialogue.
  task<bool> hear_form(chat& where);
  /// Whether the timer was one of a dialogue.
  task<bool> on_timer(chat& where);
  /// People have left a room: what they had begun there has ended.
  task<> on_left(chat& where);

private:
  struct found {
    std::string scope;
    dialogue_record record;
  };

  /// One that cannot be read ends here.
  task<std::optional<found>> look_up(chat& where, std::string scope);
  /// That of the sender, or of the whole stream.
  task<std::optional<found>> waiting_here(chat& where);
  /// The process ended in the midst of this event.
  static bool was_interrupted(const chat& where, const found& which);
  task<> run(chat& where, found& which, std::optional<detail::dialogue_input> input);
  task<> end(chat& where, found& which, const dialogue_over& why);
  task<> say(chat& where, const found& which, const std::string& text);
  void keep(chat& where, found& which);
  void forget(chat& where, const found& which);

  bot& owner_;
  services around_;
  logger log_;
};

} // namespace tutti
