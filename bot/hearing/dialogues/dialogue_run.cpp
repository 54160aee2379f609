#include <bot/hearing/dialogues/dialogue_run.hpp>

#include <bot/hearing/chat_work.hpp>
#include <bot/hearing/commands/arguments.hpp>
#include <bot/hearing/forms/forms.hpp>
#include <bot/hearing/marked.hpp>

#include <tutti/bot.hpp>
#include <tutti/wall_clock.hpp>

#include <charconv>
#include <stdexcept>
#include <utility>

namespace tutti::detail {

using commands::complaint;
using commands::folded;

/// Begins the function, and comes back when it has ended, or waits.
struct dialogue_run::started {
  task<> inner;
  dialogue_run& of;

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> outer) noexcept {
    of.runner_ = outer;
    const auto handle = task_access::handle(inner);
    handle.promise().awaiting = outer;
    handle.promise().scope = outer.promise().scope;
    return handle;
  }
  /// True: it waits.
  bool await_resume() const {
    if (!of.waits_)
      task_access::handle(inner).promise().take();
    return of.waits_;
  }
};

task<bool> dialogue_run::execute(std::function<task<>(dialogue&)> function,
                                 std::optional<dialogue_input> input) {
  input_ = input;
  dialogue shown{*this};
  started whole{function(shown), *this};
  const auto waits = co_await whole; // What it has built up is gone with `whole`.
  if (failed_)
    throw request_failed{*failed_};
  if (!waits && !log_.at_end())
    throw dialogue_over{dialogue_end::changed, "it has fewer steps here than before"};
  co_return waits;
}

state_change dialogue_run::change_of(const std::string& scope, const dialogue_record& record) {
  constexpr std::size_t most = 262'144;
  auto text = written(record);
  if (text.size() > most)
    throw dialogue_over{dialogue_end::too_long, "it has " + std::to_string(text.size()) +
                                                    " bytes to keep, and at most " +
                                                    std::to_string(most) + " are kept"};
  return {scope, "dialogue", std::move(text)};
}

// -- what the steps have in common --------------------------------------------------------

std::string dialogue_run::timer_id(const dialogue_record& record) {
  return "dialogue " + record.id + " " + std::to_string(record.steps.size());
}

/// One that fails ends the run, whatever the function makes of it: the step was not done.
task<message> dialogue_run::send(const std::string& step, outgoing_message what) {
  auto mark = "dialogue " + record_.id + " " + step;
  std::optional<message> sent;
  try {
    sent = co_await say_marked(where_, std::move(mark), std::move(what));
  } catch (const request_failed& error) {
    failed_ = error.why();
  }
  if (failed_)
    throw request_failed{*failed_};
  co_return std::move(*sent);
}

/// The program comes to a step.
step_log::found dialogue_run::next(const char* kind, const std::string& name) {
  if (once_)
    throw std::logic_error{"dialogue: the work of once has steps of its own; take them out of it"};
  if (failed_)
    throw request_failed{*failed_};
  return log_.next(kind, name);
}

/// The form of the step is replaced by a text.
task<> dialogue_run::close(std::size_t index, std::string text) {
  auto mark = "dialogue " + record_.id + " " + std::to_string(index) + " over";
  return replace_marked(where_, std::move(mark), std::get<std::string>(log_.at(index).result.what),
                        std::move(text));
}

/// What the steps have come to survives from now on.
task<> dialogue_run::keep() {
  const auto& event = where_.event();
  record_.event = static_cast<std::int64_t>(event.number);
  keep_state asked;
  asked.what.number = event.number;
  asked.what.state.push_back(change_of(scope_, record_));
  asked.what.timers_removed = std::exchange(where_.work().more.timers_removed, {});
  const auto kept = co_await where_.bot().ask(std::move(asked));
  if (!kept)
    throw request_failed{kept.error()};
  open_ = false;
}

/// What came by chance is kept before a message may depend on it, and without the message's step:
/// a step that is kept has been sent.
task<step_log::found> dialogue_run::next_to_send(const char* kind, std::string name) {
  if (log_.at_end() && (log_.leaves_failed() || open_))
    co_await keep();
  co_return next(kind, name);
}

void dialogue_run::set_timer(std::chrono::system_clock::time_point due) {
  json_value::object payload;
  payload.emplace("scope", json_value{scope_});
  payload.emplace("dialogue", json_value{record_.id});
  payload.emplace("step", json_value{static_cast<std::int64_t>(record_.steps.size())});
  where_.work().more.timers.push_back(
      {timer_id(record_), to_string(stream_.id), due, to_json({std::move(payload)})});
}

void dialogue_run::remove_timer() {
  where_.work().more.timers_removed.push_back(timer_id(record_));
}

// -- steps ----------------------------------------------------------------------------------

task<message> dialogue_run::say(outgoing_message what) {
  const auto [index, fresh] = co_await next_to_send("say", {});
  if (!fresh && log_.at(index).state == step_state::done) {
    message::fields known;
    read_value(log_.at(index).result, known.id);
    known.stream = stream_;
    co_return message{std::move(known)};
  }
  auto sent = co_await send(std::to_string(index), std::move(what));
  log_.done(index, json_value{sent.id()});
  co_return sent;
}

task<json_value> dialogue_run::value(const char* kind, std::function<json_value()> make) {
  const auto [index, fresh] = next(kind, {});
  if (fresh) {
    log_.done(index, make());
    open_ = true;
  }
  co_return log_.at(index).result;
}

task<> dialogue_run::wait_until(std::optional<std::chrono::milliseconds> after,
                                std::chrono::system_clock::time_point when) {
  const auto [index, fresh] = next("wait", {});
  if (!fresh && log_.at(index).state == step_state::done)
    co_return;
  if (fresh)
    set_timer(after ? later_by(where_.bot().now(), *after) : when);
  if (fresh || !input_)
    co_await suspend();
  input_.reset();
  log_.done(index, {});
}

task<argument_value> dialogue_run::ask(answer_form form, wanted_argument limits,
                                       outgoing_message question, std::vector<std::string> options,
                                       ask_rules rules) {
  const auto [index, fresh] = co_await next_to_send("ask", std::to_string(static_cast<int>(form)));
  const auto state = log_.at(index).state;
  if (state == step_state::done)
    co_return read_argument(log_.at(index).result);
  if (fresh) {
    co_await send(std::to_string(index), std::move(question));
    set_timer(later_by(where_.bot().now(), rules.within));
    co_await suspend();
  }
  if (state == step_state::begun && !input_)
    co_await suspend();
  if (state == step_state::timed_out || (state == step_state::begun && !input_->said)) {
    log_.at(index).state = step_state::timed_out;
    if (state == step_state::begun)
      input_.reset();
    throw dialogue_over{dialogue_end::timed_out, "no answer within the time"};
  }
  if (state == step_state::begun) {
    std::string wrong;
    auto read = read_answer(form, limits, options, *input_, wrong);
    input_.reset();
    if (read) {
      remove_timer();
      log_.done(index, written(*read));
      co_return std::move(*read);
    }
    const auto attempts = ++log_.at(index).attempts;
    if (attempts < rules.attempts) {
      co_await send(std::to_string(index) + " " + std::to_string(attempts),
                    wrong + " " + texts_.attempts_left);
      co_await suspend();
    }
    remove_timer();
    log_.at(index).state = step_state::unanswered;
  }
  throw dialogue_over{dialogue_end::too_many_attempts, "too many answers did not fit"};
}

task<dialogue_run::begun> dialogue_run::begin_once(std::string name, once_rules rules) {
  const auto [index, fresh] = next("once", name);
  begun answer{std::nullopt, record_.id + " " + std::to_string(index)};
  auto& step = log_.at(index);
  if (step.state == step_state::done) {
    answer.done = step.result;
    co_return answer;
  }
  const auto failed = step.state == step_state::failed;
  if (failed && step.attempts > 0) // The function went on without it.
    throw work_failed{std::get<std::string>(step.result.what)};
  if (!fresh && !failed && !rules.repeatable) {
    step.state = step_state::interrupted;
    throw dialogue_over{dialogue_end::interrupted, "'" + name + "' was interrupted"};
  }
  once_ = index;
  step.state = step_state::begun;
  step.result = {};
  if (fresh || failed)
    co_await keep();
  co_return answer;
}

task<> dialogue_run::end_once(std::optional<std::string> failed, json_value result) {
  const auto index = std::exchange(once_, std::nullopt).value();
  log_.done(index, failed ? json_value{*failed} : std::move(result));
  if (failed)
    log_.at(index).state = step_state::failed;
  co_await keep();
}

// -- answers --------------------------------------------------------------------------------

namespace {

commands::parameter_type type_of(answer_form form) {
  using commands::parameter_type;
  switch (form) {
  case answer_form::text:
    return parameter_type::text;
  case answer_form::integer:
    return parameter_type::integer;
  case answer_form::decimal:
    return parameter_type::decimal;
  case answer_form::boolean:
    return parameter_type::boolean;
  case answer_form::date:
    return parameter_type::date;
  case answer_form::duration:
    return parameter_type::duration;
  case answer_form::user:
    return parameter_type::user;
  case answer_form::cashtag:
    return parameter_type::cashtag;
  case answer_form::hashtag:
    return parameter_type::hashtag;
  }
  return parameter_type::text;
}

/// One of the options, by its number or its text.
std::optional<std::string> chosen(const std::vector<std::string>& options,
                                  const std::string& given) {
  for (const auto& each : options)
    if (folded(each) == folded(given))
      return each;
  std::size_t number = 0;
  const auto* last = given.data() + given.size();
  const auto [end, error] = std::from_chars(given.data(), last, number);
  if (error == std::errc{} && end == last && number >= 1 && number <= options.size())
    return options[number - 1];
  return std::nullopt;
}

/// Without the name of a parameter, which an answer has not.
std::string described(const command_texts& texts, const complaint& wrong) {
  auto said = commands::filled(texts.*wrong.text, wrong.words);
  return said.starts_with(": ") ? said.substr(2) : said;
}

} // namespace

std::optional<argument_value> dialogue_run::read_answer(answer_form form,
                                                        const wanted_argument& limits,
                                                        const std::vector<std::string>& options,
                                                        const dialogue_input& given,
                                                        std::string& said) {
  const auto words = commands::split(given.said->read());
  commands::parameter which;
  which.type = type_of(form);
  if (form == answer_form::boolean && given.first_word + 1 == words.all.size()) {
    const auto word = folded(words.all[given.first_word].text);
    if (word == folded(texts_.yes) || word == folded(texts_.no))
      return argument_value{word == folded(texts_.yes)};
  }
  commands::pattern one;
  one.parameters.push_back(which);
  auto read = commands::values_of(one, {limits}, words, given.first_word);
  if (const auto* wrong = std::get_if<complaint>(&read)) {
    said = described(texts_, *wrong);
    return std::nullopt;
  }
  auto value = std::move(std::get<0>(read).front());
  if (options.empty())
    return value;
  const auto& text = std::get<std::string>(value);
  if (auto one_of_them = chosen(options, text))
    return argument_value{std::move(*one_of_them)};
  std::string all;
  for (const auto& each : options)
    all.append(all.empty() ? "" : ", ").append(each);
  said =
      described(texts_, {&command_texts::not_choice,
                         {{"name", ""}, {"given", commands::shortened(text)}, {"choices", all}}});
  return std::nullopt;
}

} // namespace tutti::detail
