// A bot: the core actors of one service account, started and stopped together.
#pragma once

#include <tutti/ask.hpp>
#include <tutti/chat.hpp>
#include <tutti/commands/declaration.hpp>
#include <tutti/commands/texts.hpp>
#include <tutti/core.hpp>
#include <tutti/filters.hpp>
#include <tutti/health.hpp>
#include <tutti/json_value.hpp>
#include <tutti/metrics.hpp>
#include <tutti/protocol/conversation.hpp>
#include <tutti/task.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tutti {

namespace detail {
struct bot_access;
} // namespace detail

/// Prepares the configuration of a host's actor system for bots: a scheduler that does not burn
/// CPU while idle (unless the host has chosen one), and names instead of numbers where CAF prints
/// an `errc`. Before the system is made.
TUTTI_API void configure(caf::actor_system_config& host);

/// Owns the I/O loop and the core actors. Start and stop from one thread; the rest from any.
class TUTTI_API bot {
public:
  /// With an actor system of its own.
  explicit bot(config settings, core_factories replacements = {},
               std::shared_ptr<log_sink> sink = nullptr);

  /// Inside a host's actor system (see `configure`), which must outlive the bot.
  bot(caf::actor_system& host, config settings, core_factories replacements = {},
      std::shared_ptr<log_sink> sink = nullptr);

  /// Of a configuration file, as `config_file::load` takes it. What is wrong with it is said by
  /// `start` and `run`.
  static bot from_file(const std::string& path);

  bot(const bot&) = delete;
  bot& operator=(const bot&) = delete;

  /// Stops if that has not been done. In a callback or an executor of its own it returns at once
  /// and what is left ends on another thread.
  ~bot();

  // -- hearing --------------------------------------------------------------------
  //
  // Handlers are registered before `start`; with the first one the bot reads its feed. They run on
  // CAF's scheduler: those of one stream one after the other in the order of its events, others at
  // the same time. All that want an event are called, in the order of their registration. An event
  // is done when they have ended; when one throws, all are called again (`events.attempts`).

  /// Calls `handle(chat&)`, which returns `task<>` or nothing, for each message but edits.
  template <class Handler>
  void on_message(Handler handle) {
    hear_message({}, make_event_handler(std::move(handle)));
  }
  /// The same for those that `which` wants, e.g. `from("ada") && contains("urgent")`.
  template <class Handler>
  void on_message(event_filter which, Handler handle) {
    hear_message(std::move(which), make_event_handler(std::move(handle)));
  }
  /// A command: `handle` is called with `chat&` (or with `dialogue&`, see `<tutti/dialogue.hpp>`)
  /// and an argument for each parameter of the pattern, for a message that begins with its words
  /// (`commands.mention`) and fits. What does not fit is answered with the usage, a word with a
  /// slash that is no command with the nearest one, `/help` with all of them. A message that is a
  /// command goes to no handler of `on_message`. Edits run nothing. A pattern that is wrong or does
  /// not fit its handler is said by `start`.
  template <class Handler>
  void on(std::string pattern, std::string help, Handler handle) {
    hear_command(declare_command(std::move(pattern), std::move(help), std::move(handle)));
  }
  /// The same for a command that begins a dialogue, with rules for it.
  template <class Handler>
  void on(std::string pattern, std::string help, Handler handle, dialogue_rules rules) {
    auto made = declare_command(std::move(pattern), std::move(help), std::move(handle));
    made.rules = std::move(rules);
    hear_command(std::move(made));
  }
  /// A dialogue that no command begins but `chat.begin(name, ...)`: `handle` is called with
  /// `dialogue&` and what was given there.
  template <class Handler>
  void on_dialogue(std::string name, Handler handle, dialogue_rules rules = {}) {
    auto made = declare_command(std::move(name), {}, std::move(handle));
    made.rules = std::move(rules);
    made.by_code = true;
    hear_command(std::move(made));
  }
  /// What is said about commands, in the words for that chat.
  void command_texts(std::function<tutti::command_texts(const chat&)> choose);
  void command_texts(tutti::command_texts all);
  /// Calls `handle` for each message that replaces another.
  template <class Handler>
  void on_edited(Handler handle) {
    hear([](const event& what) { return what.is_edit(); }, make_event_handler(std::move(handle)));
  }
  /// Calls `handle` for all events of a kind; of messages, edits and commands as well.
  template <class Handler>
  void on(event_kind kind, Handler handle) {
    hear([kind](const event& what) { return what.kind == kind; },
         make_event_handler(std::move(handle)));
  }
  /// Calls `handle` for events that `which(const event&)` is true for.
  template <class Which, class Handler>
    requires std::predicate<Which&, const event&>
  void on(Which which, Handler handle) {
    hear(std::move(which), make_event_handler(std::move(handle)));
  }
  template <class Handler>
  void on(event_filter which, Handler handle) {
    hear_filtered(std::move(which), make_event_handler(std::move(handle)));
  }
  /// Calls `handle(chat&, values)` for each reply to that form that fits; `values` is a `T`. Only
  /// for forms said by `chat.say_form`, and within their rules: what does not fit is answered.
  /// Include `<tutti/form.hpp>`.
  template <class T, class Handler>
  void on_form(const form<T>& which, Handler handle) {
    hear_form(which.definition(), which.handler(std::move(handle)));
  }
  /// Calls `handle(chat&)` at each of its times: `15m`, `09:00 Europe/London`, or
  /// `Mon-Fri 09:00 Europe/London` (zones of the system's time zone database). It says things by
  /// `say_in`: there is no stream. One that was due while no process ran is called once when one
  /// starts, unless that is `late` after its time; then the next one is waited for. What is wrong
  /// with `when` is said by `start`.
  template <class Handler>
  void every(const std::string& when, Handler handle,
             std::chrono::milliseconds late = std::chrono::hours{1}) {
    hear_schedule(when, make_event_handler(std::move(handle)), late);
  }
  /// Called around all handlers of an event of Symphony, commands, forms and dialogues included,
  /// but not around reminders and what `every` calls; those that were given first are outside of
  /// the others.
  void use(middleware around);
  /// Gives each stream in which something is said an actor of the author's class `C`, made when it
  /// is needed: its constructor takes `(caf::actor_config&, conversation_start, extra...)`, with a
  /// copy of `extra`. One that has heard nothing for `conversations.idle` ends; what it must
  /// remember for longer it keeps elsewhere. Registered as a handler of messages among the others.
  template <class C, class... Extra>
  void listen(Extra... extra) {
    listen_with(maker_of<C>(extra...), false);
  }
  /// The same for an actor that hears what else happens in its stream, too
  /// (`conversation::on_event`).
  template <class C, class... Extra>
  void listen_to_all(Extra... extra) {
    listen_with(maker_of<C>(extra...), true);
  }
  /// `report` is called for an event that was given up after its last attempt.
  void on_given_up(std::function<void(const event&, const failure&)> report);

  /// Starts core and plugins and logs in behind the caller's back; waits for that login only with
  /// `life.start: fail`. Fails with what is wrong in the configuration, or with what a plugin
  /// refuses to start for.
  [[nodiscard]] result<void> start();

  /// Takes no new requests, lets what is under way end, fails the rest with `shutting_down`, and
  /// ends plugins, supervised actors, conversations and core. Returns within `life.stopGrace` (two
  /// seconds if it is below one), and once all is gone and no callback runs any more (but for the
  /// one it is called from). What blocks longer is logged by name as `stop_incomplete` and left
  /// behind with its memory; false then. In an executor, on the I/O thread, it only logs
  /// `stop_refused` and returns false.
  bool stop() noexcept;

  /// For `main`: starts, waits for SIGINT or SIGTERM, or the loss of the core, and stops. Says on
  /// standard error why it did not start. Returns the exit status: 0, 2 for a login that was
  /// refused, 78 for a configuration that cannot be worked with, 70 for a defect, else 1.
  [[nodiscard]] int run();

  /// The time of day; of a bot at a desk, the desk's.
  std::chrono::system_clock::time_point now() const;

  /// The handles, none before `start` and after `stop`. After a restart of the core there are
  /// others; `ask` and `supervise` follow by themselves.
  core handles() const;

  /// The host's, or the bot's own, whose threads start with `start` or with the first call of this.
  caf::actor_system& system();

  /// The actor a plugin offers under its configured name; none when there is no such plugin.
  caf::strong_actor_ptr plugin_actor(std::string_view name) const;

  // -- without actors -------------------------------------------------------------

  /// Asks the core: `bot.ask(create_im{...})` gives a `pending<im_created>`. Errors: those of the
  /// message, `deadline_exceeded`, `cancelled`, `shutting_down`.
  template <class Message>
  pending<answer_of<Message>> ask(Message message, ask_options options = {}) {
    constexpr auto index = detail::core_index<Message>();
    return ask(handles().*std::get<index>(core_members).handle, std::move(message), options);
  }

  /// The same for any typed actor.
  template <class... Signatures, class Message>
  auto ask(const caf::typed_actor<Signatures...>& whom, Message message, ask_options options = {}) {
    using handle = caf::typed_actor<Signatures...>;
    using answer = typename detail::answer_from<Message, handle>::type;
    static_assert(!std::is_void_v<answer>, "this actor does not answer that message");
    auto call = std::make_shared<detail::asked_call<Message, answer, handle>>(
        runner(), whom, std::move(message), options);
    launch(call, *call);
    return pending<answer>{std::move(call)};
  }

  /// Answers after `time` (at most a day), e.g. for a coroutine that pauses. Errors: `cancelled`,
  /// `shutting_down`.
  pending<void> after(std::chrono::milliseconds time) {
    auto call = std::make_shared<detail::timer_call>(runner(), time);
    launch(call, *call);
    return pending<void>{std::move(call)};
  }

  /// An answer that comes from elsewhere, e.g. from a library with callbacks of its own: what the
  /// coroutine awaits, and what brings the answer, from any thread; only its first call counts.
  template <class T>
  std::pair<pending<T>, std::function<void(result<T>)>> promise() {
    auto call = std::make_shared<detail::call_state<T>>(runner());
    return {pending<T>{call}, [call](result<T> came) { call->settle(std::move(came)); }};
  }

  /// Runs a coroutine on CAF's scheduler. Dropping the handle takes back what it waits for now and
  /// later; it goes on with `errc::cancelled`. What it throws becomes `errc::internal`.
  template <class T>
  auto run(task<T> work) {
    return detail::run_task(std::move(work), runner());
  }

  /// The IM with these users, when it is known to be open: read in the calling thread, without a
  /// message. Nothing says nothing about the pod.
  std::optional<stream_id> find_im(std::span<const user_id> users, const identity& as = {},
                                   im_form form = im_form::inclusive) const;
  std::optional<stream_id> find_im(std::initializer_list<user_id> users) const {
    return find_im(std::span{users.begin(), users.size()});
  }

  // -- looking at it ----------------------------------------------------------------

  /// Its health. Asks no actor and waits for nothing.
  tutti::health health() const;

  /// What it has done.
  tutti::metrics metrics() const;

  /// `report` is called once when the core is lost: it crashed a second time, or its one restart
  /// failed. Until `stop`, every request then fails with `internal`. Set before `start`; `report`
  /// runs on a thread of CAF's scheduler, and may stop the bot.
  void on_core_lost(std::function<void(const failure&)> report);

  // -- authors' actors --------------------------------------------------------------

  /// Has `make(system, handles)` make an actor and keeps it alive behind the address returned: when
  /// it fails it is made again, after growing pauses, and health names it meanwhile; after a
  /// restart of the core it is made again with the new handles. Requests that come in between get
  /// `internal`. `stop` ends it. Throws std::logic_error when the bot is not started.
  template <class Handle>
  Handle supervise(std::string name, std::function<Handle(caf::actor_system&, const core&)> make) {
    return caf::actor_cast<Handle>(supervise_any(
        std::move(name), [make = std::move(make)](caf::actor_system& system, const core& handles) {
          return caf::actor_cast<caf::actor>(make(system, handles));
        }));
  }

  /// Starts a conversation actor of the author's class `C` for `request`; its constructor takes
  /// `(caf::actor_config&, conversation_start, extra...)`. `stop` ends it if it still lives.
  /// Throws std::logic_error when the bot is not started.
  template <class C, class... Extra>
  conversation_actor converse(create_im request, Extra&&... extra) {
    const auto now = handles();
    if (!now.im)
      throw std::logic_error{"bot::converse: the bot is not started; call start() and look at what "
                             "it answers"};
    conversation_actor started =
        system().template spawn<C>(conversation_start{now.im, now.messages, std::move(request)},
                                   std::forward<Extra>(extra)...);
    look_after(started);
    return started;
  }

  /// Blocks the calling thread until that actor has ended; fails with what it ended with, such as
  /// the reason why a conversation has no IM.
  template <class Handle>
  result<void> wait_for(const Handle& whom) {
    caf::scoped_actor self{system()};
    self->monitor(whom);
    result<void> ended;
    self->receive([&](const caf::down_msg& down) {
      if (down.reason && down.reason != caf::exit_reason::user_shutdown)
        ended = to_failure(down.reason);
    });
    return ended;
  }

private:
  bot(result<config> settings, int);
  void hear(std::function<bool(const event&)> which, event_handler handle);
  void hear_message(std::optional<event_filter> which, event_handler handle);
  void hear_filtered(event_filter which, event_handler handle);
  void hear_command(command_declaration what);
  void hear_schedule(const std::string& when, event_handler handle, std::chrono::milliseconds late);
  void hear_form(std::shared_ptr<const detail::form_definition> which,
                 std::function<task<>(chat&, const json_value&)> handle);
  using conversation_maker =
      std::function<conversation_actor(caf::actor_system&, conversation_start)>;
  template <class C, class... Extra>
  static conversation_maker maker_of(const Extra&... extra) {
    return [extra...](caf::actor_system& system, conversation_start start) {
      return conversation_actor{system.template spawn<C>(std::move(start), extra...)};
    };
  }
  void listen_with(conversation_maker make, bool to_all);
  void look_after(const conversation_actor& started);
  caf::actor supervise_any(std::string name,
                           std::function<caf::actor(caf::actor_system&, const core&)> make);
  std::shared_ptr<detail::job_runner> runner() const;
  void launch(std::shared_ptr<detail::flying_call> call, detail::call_base& state);

  class state;
  friend struct detail::bot_access;
  std::unique_ptr<state> state_;
};

} // namespace tutti
