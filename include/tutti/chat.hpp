// chat: where an event happened, as its handler sees it; what is said here is said once.
#pragma once

#include <tutti/event.hpp>
#include <tutti/outgoing_message.hpp>
#include <tutti/protocol/dispatch.hpp>
#include <tutti/task.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tutti {

class bot;
class dialogues;
class forms;
class hearing;
class living_message;
class schedules;
class stream_actors;

/// Whose a state is.
enum class state_scope : std::uint8_t { stream, user, user_in_stream };

/// A form, and its rules: see `<tutti/form.hpp>`.
template <class T>
class form;
struct form_rules;

/// A state as its handler sees it: see `<tutti/state.hpp>`.
template <class T>
class kept;

namespace detail {
struct form_definition;
class chat_work;
struct dialogue_arguments;
class dialogue_run;
struct state_cell;
} // namespace detail

/// Thrown where a handler has asked for something and got none: unless it is caught, the event is
/// handed out again (see `events.attempts`).
class TUTTI_API request_failed : public std::runtime_error {
public:
  explicit request_failed(failure why);
  const failure& why() const noexcept { return why_; }

private:
  failure why_;
};

/// Lives as long as its handler. What a handler says is numbered in the order of the calls: should
/// the bot end in between, what had been said already is not said again by the next one
/// (`outbox.marker`). So say in the same order each time.
class TUTTI_API chat {
public:
  /// By the bot, for each event.
  chat(tutti::bot& owner, std::shared_ptr<const tutti::event> what);
  ~chat();
  chat(const chat&) = delete;
  chat& operator=(const chat&) = delete;

  const tutti::event& event() const noexcept { return *event_; }
  /// The same, to keep for longer than the handler.
  const std::shared_ptr<const tutti::event>& shared_event() const noexcept { return event_; }
  const tutti::message& message() const noexcept { return event_->message; }
  /// Of the message, as a person reads it.
  const std::string& text() const { return event_->message.text(); }
  /// Who has done it.
  const user_info& sender() const noexcept { return event_->initiator; }
  const message_stream& stream() const noexcept { return event_->stream; }
  tutti::bot& bot() const noexcept { return owner_; }

  // All of these throw `request_failed`.

  /// Says something here.
  task<tutti::message> say(outgoing_message what);
  /// Says something in another stream of the bot's.
  task<tutti::message> say_in(stream_id where, outgoing_message what);
  /// Says a form here, whose replies go to the handler of `bot.on_form`. Include
  /// `<tutti/form.hpp>`.
  template <class T>
  task<tutti::message> say_form(const form<T>& which);
  template <class T>
  task<tutti::message> say_form(const form<T>& which, form_rules rules);
  task<tutti::message> say_form(std::shared_ptr<const detail::form_definition> which,
                                form_rules rules);
  /// Says something here that changes afterwards: a progress, or an answer that comes in parts.
  /// Include `<tutti/living_message.hpp>`.
  task<living_message> say_live(outgoing_message first);
  /// Says something to the sender alone, in an IM that is opened when there is none.
  task<tutti::message> reply_in_im(outgoing_message what);
  /// Replaces a message of the bot's, in the stream that it is in.
  task<tutti::message> update(tutti::message which, outgoing_message what);
  /// Begins a dialogue with the sender here: that of a command, by its words, or one of
  /// `bot.on_dialogue`, by its name; with an argument for each of its parameters. False: another
  /// one is not finished here. Throws std::logic_error for a name or arguments that do not fit.
  /// Include `<tutti/dialogue.hpp>`.
  template <class... Given>
  task<bool> begin(std::string name, Given... given);
  task<bool> begin(std::string name, detail::dialogue_arguments given);
  /// Messages of this stream from `since` on, the oldest first.
  task<std::vector<tutti::message>> history(std::chrono::system_clock::time_point since,
                                            std::size_t limit = 50);
  /// The bytes of a file of this message.
  task<std::string> read(attachment_info which);

  /// What is remembered under this name, of this stream, of the sender, or of the sender in this
  /// stream; a new `T` when there is nothing. What the handler makes of it is kept in the same step
  /// as the end of the event: an event that is handed out again finds the state as it was before.
  /// Include `<tutti/state.hpp>`, which says what `T` may be.
  template <class T>
  task<kept<T>> state(std::string name, state_scope of = state_scope::stream);

  /// Has something said here later, once, also by a process that is started after this one; set
  /// with the end of the event. Answers its id. Throws std::logic_error for one with attachments,
  /// which are not kept.
  std::string remind(std::chrono::system_clock::time_point at, outgoing_message what);
  std::string remind(std::chrono::milliseconds after, outgoing_message what);
  /// Takes a reminder back; one that has been said already is not.
  void forget_reminder(const std::string& id);

private:
  friend class dialogues;
  friend class forms;
  friend class detail::dialogue_run;
  friend class hearing;
  friend class schedules;
  friend class stream_actors;

  /// What is remembered under that name, as it was kept.
  task<std::shared_ptr<detail::state_cell>> cell(std::string name, state_scope of);
  /// What the handlers leave, for the end of the event.
  handling left();
  detail::chat_work& work();

  tutti::bot& owner_;
  std::shared_ptr<const tutti::event> event_;
  std::shared_ptr<detail::chat_work> work_;
  /// Of what is said.
  int said_ = 0;
};

/// What handles an event.
using event_handler = std::function<task<>(chat&)>;

/// Called around the handlers of an event: `co_await next()` calls the rest of them and waits for
/// their end; once, and before the middleware itself ends. One that does not call it has handled
/// the event.
using middleware = std::function<task<>(chat&, std::function<task<>()> next)>;

namespace detail {

template <class Handler>
task<> call_plain(Handler& handle, chat& where) {
  handle(where);
  co_return;
}

} // namespace detail

/// A handler is called with `chat&` and returns `task<>`, or nothing.
template <class Handler>
event_handler make_event_handler(Handler handle) {
  if constexpr (std::is_void_v<std::invoke_result_t<Handler&, chat&>>)
    return [shared = std::make_shared<Handler>(std::move(handle))](chat& where) {
      return detail::call_plain(*shared, where);
    };
  else
    // The coroutine of a lambda refers to the lambda: it stays where it is.
    return [shared = std::make_shared<Handler>(std::move(handle))](chat& where) {
      return (*shared)(where);
    };
}

} // namespace tutti
