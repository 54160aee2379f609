// Runs a dialogue's function for one event: through the steps that are kept, and on.
#pragma once

#include <bot/hearing/dialogues/dialogue_record.hpp>
#include <bot/hearing/dialogues/step_log.hpp>

#include <tutti/chat.hpp>
#include <tutti/commands/texts.hpp>
#include <tutti/dialogue.hpp>

#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {
class forms;
}

namespace tutti::detail {

/// What an event brings to the step that waits.
struct dialogue_input {
  /// The message; null: it is none.
  const message* said = nullptr;
  /// The reply to the step's form; null with `said`: the step's time has passed.
  const form_reply* replied = nullptr;
  /// Where the answer begins in the message, behind a mention of the bot.
  std::size_t first_word = 0;
};

/// Of one event; its chat, and the record, outlive it.
class dialogue_run {
public:
  dialogue_run(chat& where, dialogue_record& record, std::string scope, command_texts texts,
               forms& all_forms)
      : where_(where), record_(record), scope_(std::move(scope)), texts_(std::move(texts)),
        forms_(all_forms), log_(record.steps) {
    if (const auto stream = stream_id::make(record.stream))
      stream_.id = *stream;
    stream_.type = static_cast<stream_type>(record.stream_type);
    stream_.external = record.external;
    if (const auto id = user_id::make(record.person))
      person_.id = *id;
    person_.display_name = record.person_name;
  }
  dialogue_run(const dialogue_run&) = delete;
  dialogue_run& operator=(const dialogue_run&) = delete;

  /// True: it waits for another event; false: the function has ended. Throws what it has thrown.
  task<bool> execute(std::function<task<>(dialogue&)> function,
                     std::optional<dialogue_input> input);

  // -- steps, see `dialogue` -----------------------------------------------------------

  task<message> say(outgoing_message what);
  task<argument_value> ask(answer_form form, wanted_argument limits, outgoing_message question,
                           std::vector<std::string> options, ask_rules rules);
  task<any_outcome> any(std::vector<any_branch> branches, ask_rules rules);
  task<json_value> form(std::shared_ptr<const form_definition> which, ask_rules rules);
  task<> wait_until(std::optional<std::chrono::milliseconds> after,
                    std::chrono::system_clock::time_point when);
  /// A value that is computed when the step is first come to.
  task<json_value> value(const char* kind, std::function<json_value()> make);
  struct begun {
    std::optional<json_value> done;
    std::string key;
  };
  task<begun> begin_once(std::string name, once_rules rules);
  /// `failed`: what it threw.
  task<> end_once(std::optional<std::string> failed, json_value result);

  const user_info& person() const noexcept { return person_; }
  /// Where it began.
  const message_stream& stream() const noexcept { return stream_; }
  const dialogue_record& record() const noexcept { return record_; }
  chat& where() const noexcept { return where_; }

  /// As the journal keeps it; throws `dialogue_over` for one that is too large.
  static state_change change_of(const std::string& scope, const dialogue_record& record);
  /// Whether a step that waits does so for a message, or for a reply to that form.
  static bool takes_words(const kept_step& step);
  static bool shows(const kept_step& step, std::string_view message_id);
  /// The timer of the step that may wait.
  static std::string timer_id(const dialogue_record& record);

private:
  struct started;
  /// Gives the thread back to `execute`, for good.
  struct suspension {
    dialogue_run& of;
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept {
      of.waits_ = true;
      return of.runner_;
    }
    void await_resume() const noexcept {}
  };
  suspension suspend() noexcept { return {*this}; }

  task<message> send(const std::string& step, outgoing_message what);
  task<> send_form(std::size_t index, const form_definition& which, std::string step,
                   std::chrono::milliseconds within);
  task<> send_form_again(std::size_t index, const form_definition& which, std::string wrong,
                         std::chrono::milliseconds within);
  task<> close(std::size_t index, std::string text);
  task<> open_branches(std::size_t index, const std::vector<any_branch>& branches, ask_rules rules);
  task<> show_branch(std::size_t index, std::size_t branch, const form_definition& which,
                     std::string step, std::chrono::milliseconds within);
  /// That whose form was answered.
  std::optional<std::size_t> replied_branch(std::size_t index,
                                            const std::vector<any_branch>& branches,
                                            const form_reply& reply);
  /// Which branch the input takes; nothing: none, and `wrong` says why.
  std::optional<any_outcome> taken(std::size_t index, const std::vector<any_branch>& branches,
                                   const dialogue_input& given, std::chrono::milliseconds within,
                                   std::string& wrong);
  task<> close_branches(std::size_t index, std::optional<std::size_t> chosen, std::string text);
  task<> keep();
  step_log::found next(const char* kind, const std::string& name);
  task<step_log::found> next_to_send(const char* kind, std::string name);
  void set_timer(std::chrono::system_clock::time_point due);
  void remove_timer();
  /// Whether what was said fits.
  std::optional<argument_value> read_answer(answer_form form, const wanted_argument& limits,
                                            const std::vector<std::string>& options,
                                            const dialogue_input& given, std::string& complaint);

  chat& where_;
  dialogue_record& record_;
  std::string scope_;
  command_texts texts_;
  forms& forms_;
  step_log log_;
  user_info person_;
  message_stream stream_;
  std::optional<dialogue_input> input_;
  std::coroutine_handle<> runner_;
  bool waits_ = false;
  /// A step's result came by chance and is not kept yet: nothing may depend on it.
  bool open_ = false;
  /// Whose work is being done.
  std::optional<std::size_t> once_;
  /// A message of a step was not sent.
  std::optional<failure> failed_;
};

} // namespace tutti::detail
