#include <bot/hearing/dialogues/dialogues.hpp>

#include <bot/hearing/answers.hpp>
#include <bot/hearing/chat_work.hpp>
#include <bot/hearing/commands/arguments.hpp>
#include <bot/hearing/commands/words.hpp>
#include <bot/hearing/forms/forms.hpp>
#include <bot/hearing/marked.hpp>

#include <tutti/bot.hpp>

#include <stdexcept>
#include <utility>

namespace tutti {

using commands::cancel_word;
using commands::command_set;
using commands::filled;
using commands::folded;

namespace {

constexpr const char* state_name = "dialogue";
constexpr detail::dialogue_input time_has_passed{};

std::string scope_of(const event& where, const user_info& who, bool whole_stream) {
  auto scope = "dialogue " + to_string(where.stream.id); // Apart from the state of handlers.
  return whole_stream ? scope : scope + " " + std::to_string(who.id.value());
}

} // namespace

// -- what is kept -------------------------------------------------------------------------

task<std::optional<dialogues::found>> dialogues::look_up(chat& where, std::string scope) {
  const auto stored = co_await stored_state(owner_, scope, state_name);
  if (!stored)
    co_return std::nullopt;
  auto record = read_record(*stored);
  if (!record) {
    log_.error("dialogue_not_read", {{"scope", scope}, {"why", to_string(record.error())}});
    where.work().more.state.push_back({scope, state_name, std::nullopt});
    co_return std::nullopt;
  }
  co_return found{std::move(scope), std::move(*record)};
}

task<std::optional<dialogues::found>> dialogues::waiting_here(chat& where) {
  const auto& what = where.event();
  auto own = co_await look_up(where, scope_of(what, what.initiator, false));
  if (own || !around_.any_whole_stream())
    co_return own;
  co_return co_await look_up(where, scope_of(what, what.initiator, true));
}

void dialogues::keep(chat& where, found& which) {
  where.work().more.state.push_back(detail::dialogue_run::change_of(which.scope, which.record));
}

void dialogues::forget(chat& where, const found& which) {
  auto& more = where.work().more;
  more.state.push_back({which.scope, state_name, std::nullopt});
  std::erase_if(more.timers, [&](const auto& each) {
    return each.id == detail::dialogue_run::timer_id(which.record);
  });
  more.timers_removed.push_back(detail::dialogue_run::timer_id(which.record));
}

// -- their life -----------------------------------------------------------------------------

task<> dialogues::begin(chat& where, const command& which, std::vector<argument_value> arguments) {
  const auto& what = where.event();
  found made;
  made.scope = scope_of(what, what.initiator, which.declared.rules.whole_stream);
  const auto& name = what.message_id.empty() ? what.id : what.message_id;
  made.record.id = name + " " + std::to_string(what.initiator.id.value());
  made.record.command = which.reads.name();
  made.record.arguments = written(arguments);
  made.record.person = what.initiator.id.value();
  made.record.person_name = what.initiator.display_name;
  made.record.stream = to_string(what.stream.id);
  made.record.stream_type = static_cast<int>(what.stream.type);
  made.record.external = what.stream.external;
  co_await run(where, made, std::nullopt);
}

task<bool> dialogues::begin_named(chat& where, std::string name,
                                  std::vector<argument_value> arguments) {
  const auto& what = where.event();
  const auto* which = around_.named(name);
  auto wrong = [&](const std::string& why) {
    throw std::logic_error{"chat.begin(\"" + name + "\"): " + why};
  };
  if (!which || !which->declared.talk)
    wrong("no dialogue has this name, or begins with a command of these words");
  if (what.stream.id == stream_id{})
    wrong("the event has no stream in which it could be held");
  const auto& takes = which->declared.takes;
  if (takes.size() != arguments.size())
    wrong("it takes " + std::to_string(takes.size()) + " arguments after dialogue&, and gets " +
          std::to_string(arguments.size()));
  for (std::size_t i = 0; i < takes.size(); ++i)
    if (!commands::is_of(arguments[i], takes[i]))
      wrong("argument " + std::to_string(i + 1) + " is not of type " +
            std::string{commands::to_string(takes[i].form)});
  auto open =
      co_await look_up(where, scope_of(what, what.initiator, which->declared.rules.whole_stream));
  if (open && !was_interrupted(where, *open))
    co_return false;
  if (open)
    co_await run(where, *open, std::nullopt);
  else
    co_await begin(where, *which, std::move(arguments));
  co_return true;
}

task<> dialogues::say(chat& where, const found& which, const std::string& text) {
  const auto said = filled(text, {{"command", which.record.command}, {"cancel", cancel_word}});
  co_await say_marked(where, "dialogue " + which.record.id + " end", said);
}

task<> dialogues::end(chat& where, found& which, const dialogue_over& why) {
  const auto texts = around_.texts(where);
  const auto* command = around_.named(which.record.command);
  log_.warn("dialogue_ended", {{"command", which.record.command},
                               {"dialogue", which.record.id},
                               {"step", std::to_string(which.record.steps.size())},
                               {"why", why.what()}});
  forget(where, which);
  switch (why.reason()) {
  case dialogue_end::timed_out:
    co_return co_await say(where, which, texts.timed_out);
  case dialogue_end::too_many_attempts:
    co_return co_await say(where, which, texts.too_many_attempts);
  case dialogue_end::interrupted:
    co_return co_await say(where, which, texts.interrupted);
  case dialogue_end::too_long:
    co_return co_await say(where, which, texts.too_long);
  case dialogue_end::cancelled:
    co_return co_await say(where, which, texts.cancelled);
  case dialogue_end::changed:
    if (command && command->declared.rules.on_changed)
      co_return co_await command->declared.rules.on_changed(where);
    co_return co_await say(where, which, texts.changed);
  }
}

task<> dialogues::run(chat& where, found& which, std::optional<detail::dialogue_input> input) {
  const auto* command = around_.named(which.record.command);
  std::optional<dialogue_over> over;
  auto waits = false;
  if (command && !around_.takes_part(command->alive))
    command = nullptr;
  if (!command || !command->declared.talk) {
    over.emplace(dialogue_end::changed, "no dialogue begins with this command any more");
  } else {
    detail::dialogue_run one{where, which.record, which.scope, around_.texts(where),
                             around_.said_forms};
    try {
      auto values = read_arguments(which.record.arguments);
      waits = co_await one.execute(
          [&](dialogue& shown) { return command->declared.talk(shown, std::move(values)); }, input);
      if (waits)
        keep(where, which);
    } catch (const dialogue_over& error) {
      over = error;
    } catch (const misfit_error& error) {
      over.emplace(dialogue_end::changed, error.what());
    }
  }
  if (over)
    co_await end(where, which, *over);
  else if (!waits)
    forget(where, which);
}

// -- what comes -----------------------------------------------------------------------------

namespace {

/// Whether its last step is one that waits.
bool is_waiting(const dialogue_record& record) {
  return !record.steps.empty() && record.steps.back().state == step_state::begun &&
         record.steps.back().kind != "once";
}

} // namespace

task<bool> dialogues::hear(chat& where) {
  auto waiting = co_await waiting_here(where);
  if (!waiting)
    co_return false;
  if (was_interrupted(where, *waiting)) {
    co_await run(where, *waiting, std::nullopt);
    co_return true;
  }
  const auto words = commands::split(where.message().read());
  if (words.all.empty())
    co_return false;
  const auto [first, mentioned, may_be_command] = co_await around_.begin(where, words);
  if (first >= words.all.size())
    co_return false;
  if (folded(words.all[first].text) == cancel_word) {
    const auto texts = around_.texts(where);
    forget(where, *waiting);
    co_await say(where, *waiting, texts.cancelled);
    co_return true;
  }
  const auto meant =
      may_be_command ? around_.find(words, first) : command_set::found{command_set::other{}};
  if (const auto* call = std::get_if<command_set::call>(&meant);
      call && call->which->declared.talk) {
    const auto texts = around_.texts(where);
    co_await say(where, *waiting, texts.still_open);
    co_return true;
  }
  if (!std::holds_alternative<command_set::other>(meant))
    co_return false;                  // A command beside it.
  if (!is_waiting(waiting->record)) { // An event of it was given up in the midst of it.
    co_await run(where, *waiting, std::nullopt);
    co_return true;
  }
  const auto& steps = waiting->record.steps;
  const auto asks = !steps.empty() && detail::dialogue_run::takes_words(steps.back());
  const auto to_another = !mentioned && words.all.front().user && words.all.size() > 1;
  if (!asks || to_another)
    co_return false;
  const detail::dialogue_input input{&where.message(), nullptr, first};
  co_await run(where, *waiting, input);
  co_return true;
}

bool dialogues::was_interrupted(const chat& where, const found& which) {
  const auto number = static_cast<std::int64_t>(where.event().number);
  return number != 0 && which.record.event == number;
}

task<bool> dialogues::hear_form(chat& where) {
  auto waiting = co_await waiting_here(where);
  if (!waiting)
    co_return false;
  if (was_interrupted(where, *waiting)) {
    co_await run(where, *waiting, std::nullopt);
    co_return true;
  }
  const auto& reply = where.event().form;
  const auto& steps = waiting->record.steps;
  if (steps.empty() || !detail::dialogue_run::shows(steps.back(), reply.message_id))
    co_return false;
  const detail::dialogue_input input{nullptr, &reply, 0};
  co_await run(where, *waiting, input);
  co_return true;
}

task<bool> dialogues::on_timer(chat& where) {
  const auto& what = where.event();
  if (!what.id.starts_with("dialogue "))
    co_return false;
  const auto payload = read_json(what.payload);
  std::string scope;
  std::string id;
  std::int64_t step = 0;
  for (auto [name, into] : {std::pair{"scope", &scope}, std::pair{"dialogue", &id}})
    if (const auto* given = payload ? payload->find(name) : nullptr)
      read_value(*given, *into);
  if (const auto* given = payload ? payload->find("step") : nullptr)
    read_value(*given, step);
  auto waiting = co_await look_up(where, scope);
  if (!waiting || waiting->record.id != id)
    co_return true; // It has ended.
  // Its event was repeated, or given up, in the midst of it.
  if (was_interrupted(where, *waiting) || !is_waiting(waiting->record))
    co_await run(where, *waiting, std::nullopt);
  else if (static_cast<std::int64_t>(waiting->record.steps.size()) == step)
    co_await run(where, *waiting, time_has_passed);
  co_return true;
}

task<> dialogues::on_left(chat& where) {
  const auto& what = where.event();
  for (const auto& each : what.affected)
    if (auto waiting = co_await look_up(where, scope_of(what, each, false)))
      forget(where, *waiting);
}

} // namespace tutti
