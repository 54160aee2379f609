// The step of a dialogue that shows a form and waits for its reply.
#include <bot/hearing/commands/arguments.hpp>
#include <bot/hearing/dialogues/dialogue_run.hpp>
#include <bot/hearing/forms/forms.hpp>

#include <tutti/bot.hpp>
#include <tutti/form.hpp>
#include <tutti/wall_clock.hpp>

#include <utility>

namespace tutti::detail {

namespace {

messageml::message shown(const form_definition& which) {
  messageml::message built;
  built.add(which.content());
  return built;
}

const dialogue_over cancelled{dialogue_end::cancelled, "the person has cancelled the form"};

} // namespace

task<> dialogue_run::send_form(std::size_t index, const form_definition& which, std::string step,
                               std::chrono::milliseconds within) {
  const auto sent = co_await send(step, shown(which));
  log_.at(index).result = json_value{sent.id()};
  forms_.remember(where_, which, sent.id(), person_, within);
}

/// With what is wrong: clients let a person send a form once.
task<> dialogue_run::send_form_again(std::size_t index, const form_definition& which,
                                     std::string wrong, std::chrono::milliseconds within) {
  const auto step = std::to_string(index) + " " + std::to_string(log_.at(index).attempts);
  co_await send(step + " why", wrong + " " + texts_.attempts_left);
  co_await send_form(index, which, step, within);
}

task<json_value> dialogue_run::form(std::shared_ptr<const form_definition> which, ask_rules rules) {
  const auto [index, fresh] = co_await next_to_send("form", which->id);
  const auto state = log_.at(index).state;
  if (state == step_state::done)
    co_return log_.at(index).result;
  if (state == step_state::cancelled)
    throw cancelled;
  if (fresh) {
    co_await send_form(index, *which, std::to_string(index), rules.within);
    set_timer(later_by(where_.bot().now(), rules.within));
    co_await suspend();
  }
  if (state == step_state::begun && !input_)
    co_await suspend();
  const auto* reply = state == step_state::begun ? input_->replied : nullptr;
  if (state == step_state::begun)
    input_.reset();
  if (state == step_state::timed_out || (state == step_state::begun && !reply)) {
    if (state == step_state::begun)
      co_await close(index, texts_.form_over);
    log_.at(index).state = step_state::timed_out;
    throw dialogue_over{dialogue_end::timed_out, "no reply within the time"};
  }
  if (state == step_state::begun) {
    if (reply->action == "cancel") {
      co_await close(index, texts_.form_cancelled);
      remove_timer();
      log_.at(index).state = step_state::cancelled;
      throw cancelled;
    }
    auto read = read_form_reply(which->fields, *reply, texts_);
    if (auto* values = std::get_if<json_value>(&read)) {
      const auto summary = form_summary(which->fields, *values);
      auto said = commands::filled(texts_.form_sent, {{"values", summary}});
      co_await close(index, std::move(said));
      remove_timer();
      log_.done(index, *values);
      co_return std::move(*values);
    }
    if (++log_.at(index).attempts < rules.attempts) {
      co_await send_form_again(index, *which, std::get<std::string>(read), rules.within);
      co_await suspend();
    }
    remove_timer();
    log_.at(index).state = step_state::unanswered;
  }
  throw dialogue_over{dialogue_end::too_many_attempts, "too many replies did not fit"};
}

} // namespace tutti::detail
