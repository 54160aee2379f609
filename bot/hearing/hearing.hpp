// What a bot's author has registered, called for each event.
#pragma once

#include <bot/hearing/commands/command_listener.hpp>
#include <bot/hearing/dialogues/dialogues.hpp>
#include <bot/hearing/forms/forms.hpp>
#include <bot/hearing/living/living_messages.hpp>
#include <bot/hearing/running_handlers.hpp>
#include <bot/hearing/scope_locks.hpp>
#include <bot/hearing/stream_actors.hpp>
#include <bot/hearing/timers/schedules.hpp>

#include <tutti/bot.hpp>
#include <tutti/chat.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/dispatch.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tutti {

/// Handlers are added before the bot starts.
class hearing final : public event_listener {
public:
  using wanted = std::function<bool(const event&)>;

  hearing(bot& owner, const commands_config& rules);

  void add(wanted which, event_handler handle) {
    handlers_.push_back({std::move(which), std::move(handle), owner_of_new_, false});
  }
  /// For messages that are neither edits nor commands; without a filter for all of them.
  void add_for_messages(std::optional<event_filter> which, event_handler handle);
  /// For all events that it wants.
  void add_filtered(event_filter which, event_handler handle);
  void add_command(command_declaration what) { commands_.add(std::move(what), owner_of_new_); }
  void use(middleware around);
  commands::command_listener& commands() noexcept { return commands_; }
  /// What is wrong with what was registered.
  std::vector<failure> flaws() const;
  void on_given_up(std::function<void(const event&, const failure&)> report) {
    report_ = std::move(report);
  }
  /// `to_all`: also for other events than messages.
  void listen(stream_actors::maker make, const conversations_config& rules, bool to_all);
  bool wants_something() const noexcept {
    return !handlers_.empty() || !commands_.empty() || forms_.size() > 0 || schedules_.size() > 0;
  }
  /// It has commands, or forms.
  bool answers_people() const noexcept { return !commands_.empty() || forms_.size() > 0; }
  void add_form(forms::definition which, forms::handler handle);
  void add_schedule(const std::string& when, event_handler handle, std::chrono::milliseconds late);
  forms& said_forms() noexcept { return forms_; }
  tutti::dialogues& dialogues() noexcept { return dialogues_; }
  living_message begin_living(chat& where, message said, outgoing_message shown);

  // -- plugins ------------------------------------------------------------------------

  /// True until the plugin has stopped, or its start has failed.
  using alive = std::shared_ptr<const std::atomic<bool>>;

  /// Handlers that are added from now on are of that plugin.
  void add_for(alive plugin) {
    if (!own_)
      own_ = {handlers_.size(), commands_.size(), around_.size(),
              flaws_.size(),    forms_.size(),    schedules_.size()};
    owner_of_new_ = std::move(plugin);
  }
  /// When no handler runs any more.
  void forget_plugins();

  // -- its life -------------------------------------------------------------------------

  /// Handlers begin; events that have come before wait for this.
  void open();
  /// No handler begins any more; the events stay in the journal.
  void close();
  /// The bot stops: what living messages show last is sent.
  void finish_living(std::chrono::steady_clock::time_point until) { living_->finish(until); }
  /// Of a bot in a test that was killed: handlers that ran are gone, too.
  void forget_all();
  /// Ends the actors of `listen`.
  void end_actors();

  void log_to(logger log) {
    dialogues_.log_to(log);
    schedules_.log_to(log);
    living_->log_to(log);
    log_ = std::move(log);
  }

  /// That of a bot whose handler runs.
  static hearing& of(bot& owner);
  const std::shared_ptr<scope_locks>& locks() const noexcept { return locks_; }
  /// Resumes a coroutine on CAF's scheduler.
  scope_locks::resume_later resumer();

  void handle(std::shared_ptr<const event> what, std::function<void(handling)> done) override;
  void given_up(std::shared_ptr<const event> what, const failure& why) override;
  std::vector<stored_timer> standing_timers(std::chrono::system_clock::time_point now) override {
    return schedules_.timers(now);
  }
  std::vector<stored_timer> timers_after(const event& given_up,
                                         std::chrono::system_clock::time_point now) override;

private:
  struct entry {
    wanted which;
    event_handler handle;
    /// Null: of the bot's author.
    alive plugin;
    /// It does not hear what a command has answered.
    bool but_commands;
    /// An event that only such handlers want is logged as one that no handler wants.
    bool takes_anything = false;
  };
  struct layer {
    middleware around;
    alive plugin;
  };

  bool is_open();
  void start(std::shared_ptr<const event> what);
  void start_or_keep(std::shared_ptr<const event> what);
  /// A `handling` can be made of a failure, which its `result` must not be mistaken for.
  struct handled {
    handling left;
    /// What the handlers had for themselves alone, until the end is reported.
    std::shared_ptr<detail::chat_work> work;
  };
  task<handled> call(std::shared_ptr<const event> what);
  task<> call_for_timer(chat& where);
  task<> call_from(std::size_t layer, chat& where);
  task<> call_handlers(chat& where);
  bool takes_part(const alive& plugin);
  void log_unheard(const event& what);

  bot& owner_;
  std::vector<entry> handlers_;
  commands::command_listener commands_;
  tutti::dialogues dialogues_;
  forms forms_;
  schedules schedules_;
  std::vector<layer> around_;
  std::vector<std::string> flaws_;
  /// How many are of the bot's author, who comes first; nothing while there are no others.
  struct counts {
    std::size_t handlers;
    std::size_t commands;
    std::size_t around;
    std::size_t flaws;
    std::size_t forms;
    std::size_t schedules;
  };
  std::optional<counts> own_;
  alive owner_of_new_;
  std::vector<std::shared_ptr<stream_actors>> listening_;
  std::function<void(const event&, const failure&)> report_;
  logger log_;
  std::array<std::atomic<bool>, event_kind_count> unheard_{};
  std::shared_ptr<scope_locks> locks_ = std::make_shared<scope_locks>();
  std::shared_ptr<living_messages> living_;
  std::mutex lock_;
  running_handlers running_;
  bool open_ = false;
  /// Whose handlers are to begin once it is open.
  std::vector<std::shared_ptr<const event>> waiting_;
};

} // namespace tutti
