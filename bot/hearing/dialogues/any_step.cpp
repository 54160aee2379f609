// The step of a dialogue that waits for what comes first: an answer, a form's reply, a time.
#include <bot/hearing/commands/arguments.hpp>
#include <bot/hearing/dialogues/dialogue_run.hpp>
#include <bot/hearing/forms/forms.hpp>
#include <bot/hearing/marked.hpp>

#include <tutti/bot.hpp>
#include <tutti/form.hpp>
#include <tutti/wall_clock.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tutti::detail {

namespace {

/// What the branches are, so that another program's are noticed.
std::string name_of(const std::vector<any_branch>& branches) {
  std::string made;
  for (const auto& each : branches) {
    made.append(made.empty() ? "" : ", ");
    if (each.after)
      made.append("time");
    else if (each.shown)
      made.append("form ").append(each.shown->id);
    else
      made.append("ask ").append(std::to_string(static_cast<int>(each.form)));
  }
  return made;
}

/// The forms of a step that waits: their messages, by branch.
std::vector<std::pair<std::size_t, std::string>> shown_forms(const json_value& kept) {
  std::vector<std::pair<std::size_t, std::string>> all;
  const auto* forms = kept.find("forms");
  const auto* list = forms ? std::get_if<json_value::array>(&forms->what) : nullptr;
  for (const auto& each : list ? *list : json_value::array{}) {
    std::int64_t branch = 0;
    std::string message;
    if (const auto* found = each.find("branch"))
      read_value(*found, branch);
    if (const auto* found = each.find("message"))
      read_value(*found, message);
    all.emplace_back(static_cast<std::size_t>(branch), std::move(message));
  }
  return all;
}

json_value written(const any_outcome& came) {
  json_value::object made{{"branch", json_value{static_cast<std::int64_t>(came.which)}}};
  made.emplace("answer", tutti::written(came.answer));
  made.emplace("reply", came.reply);
  return {std::move(made)};
}

any_outcome read_outcome(const json_value& kept) {
  any_outcome made;
  std::int64_t branch = 0;
  if (const auto* found = kept.find("branch"))
    read_value(*found, branch);
  made.which = static_cast<std::size_t>(branch);
  if (const auto* found = kept.find("answer"))
    made.answer = read_argument(*found);
  if (const auto* found = kept.find("reply"))
    made.reply = *found;
  return made;
}

/// The earliest of the times; nothing: there is none.
std::optional<std::size_t> earliest(const std::vector<any_branch>& branches) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < branches.size(); ++i)
    if (branches[i].after && (!found || *branches[i].after < *branches[*found].after))
      found = i;
  return found;
}

} // namespace

bool dialogue_run::takes_words(const kept_step& step) {
  return step.kind == "ask" ||
         (step.kind == "any" && (", " + step.name).find(", ask ") != std::string::npos);
}

bool dialogue_run::shows(const kept_step& step, std::string_view message_id) {
  const auto is_it = [&](std::string_view shown) {
    return same_message(shown) == same_message(message_id);
  };
  if (step.kind == "form") {
    const auto* shown = std::get_if<std::string>(&step.result.what);
    return shown && is_it(*shown);
  }
  const auto all = step.kind == "any" ? shown_forms(step.result) : decltype(shown_forms({})){};
  return std::any_of(all.begin(), all.end(), [&](const auto& each) { return is_it(each.second); });
}

/// In the place of the form that the branch has shown before.
task<> dialogue_run::show_branch(std::size_t index, std::size_t branch,
                                 const form_definition& which, std::string step,
                                 std::chrono::milliseconds within) {
  messageml::message built;
  built.add(which.content());
  const auto sent = co_await send(step, built);
  forms_.remember(where_, which, sent.id(), person_, within);
  auto all = shown_forms(log_.at(index).result);
  std::erase_if(all, [&](const auto& each) { return each.first == branch; });
  all.emplace_back(branch, sent.id());
  json_value::array rows;
  rows.reserve(all.size());
  for (auto& [number, message] : all) {
    json_value::object row{{"branch", json_value{static_cast<std::int64_t>(number)}}};
    row.emplace("message", json_value{std::move(message)});
    rows.push_back({std::move(row)});
  }
  json_value::object kept;
  kept.emplace("forms", json_value{std::move(rows)});
  log_.at(index).result = {std::move(kept)};
}

task<> dialogue_run::open_branches(std::size_t index, const std::vector<any_branch>& branches,
                                   ask_rules rules) {
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const auto step = std::to_string(index) + " branch " + std::to_string(i);
    if (branches[i].shown)
      co_await show_branch(index, i, *branches[i].shown, step, rules.within);
    else if (!branches[i].after)
      co_await send(step, branches[i].text);
  }
  const auto time = earliest(branches);
  set_timer(later_by(where_.bot().now(),
                     time ? std::min(*branches[*time].after, rules.within) : rules.within));
}

task<> dialogue_run::close_branches(std::size_t index, std::optional<std::size_t> chosen,
                                    std::string text) {
  for (const auto& [branch, shown] : shown_forms(log_.at(index).result)) {
    auto mark = "dialogue " + record_.id + " " + std::to_string(index) + " branch " +
                std::to_string(branch) + " over";
    const auto is_chosen = chosen == branch;
    std::string said;
    if (is_chosen)
      said = text;
    else
      said = texts_.form_over;
    co_await replace_marked(where_, std::move(mark), shown, std::move(said));
  }
}

std::optional<std::size_t> dialogue_run::replied_branch(std::size_t index,
                                                        const std::vector<any_branch>& branches,
                                                        const form_reply& reply) {
  for (const auto& [branch, shown] : shown_forms(log_.at(index).result))
    if (branch < branches.size() && branches[branch].shown &&
        same_message(shown) == same_message(reply.message_id))
      return branch;
  return std::nullopt;
}

std::optional<any_outcome> dialogue_run::taken(std::size_t index,
                                               const std::vector<any_branch>& branches,
                                               const dialogue_input& given,
                                               std::chrono::milliseconds within,
                                               std::string& wrong) {
  if (!given.said && !given.replied) {
    const auto time = earliest(branches);
    if (time && *branches[*time].after <= within)
      return any_outcome{*time};
    return std::nullopt;
  }
  if (given.replied) {
    const auto branch = replied_branch(index, branches, *given.replied);
    if (!branch)
      return std::nullopt;
    auto read = read_form_reply(branches[*branch].shown->fields, *given.replied, texts_);
    if (auto* values = std::get_if<json_value>(&read))
      return any_outcome{*branch, {}, std::move(*values)};
    wrong = std::get<std::string>(read);
    return std::nullopt;
  }
  for (std::size_t i = 0; i < branches.size(); ++i) {
    if (branches[i].shown || branches[i].after)
      continue;
    std::string complaint;
    if (auto read = read_answer(branches[i].form, branches[i].limits, {}, given, complaint))
      return any_outcome{i, std::move(*read)};
    if (wrong.empty())
      wrong = complaint;
  }
  return std::nullopt;
}

task<any_outcome> dialogue_run::any(std::vector<any_branch> branches, ask_rules rules) {
  if (branches.empty())
    throw std::logic_error{"dialogue.when_any: there is nothing to wait for"};
  const auto [index, fresh] = co_await next_to_send("any", name_of(branches));
  const auto state = log_.at(index).state;
  if (state == step_state::done)
    co_return read_outcome(log_.at(index).result);
  if (fresh) {
    co_await open_branches(index, branches, rules);
    co_await suspend();
  }
  if (state == step_state::begun && !input_)
    co_await suspend();
  if (state == step_state::begun) {
    const auto given = *std::exchange(input_, std::nullopt);
    const auto by_time = !given.said && !given.replied;
    if (given.replied && given.replied->action == "cancel") {
      co_await close_branches(index, std::nullopt, {});
      remove_timer();
      log_.at(index).state = step_state::cancelled;
      throw dialogue_over{dialogue_end::cancelled, "the person has cancelled the form"};
    }
    std::string wrong;
    if (auto came = taken(index, branches, given, rules.within, wrong)) {
      std::string said;
      if (branches[came->which].shown) {
        const auto summary = form_summary(branches[came->which].shown->fields, came->reply);
        said = commands::filled(texts_.form_sent, {{"values", summary}});
      }
      co_await close_branches(index, came->which, std::move(said));
      if (!by_time)
        remove_timer();
      log_.done(index, written(*came));
      co_return std::move(*came);
    }
    if (by_time) {
      co_await close_branches(index, std::nullopt, {});
      log_.at(index).state = step_state::timed_out;
      throw dialogue_over{dialogue_end::timed_out, "nothing came within the time"};
    }
    const auto attempts = ++log_.at(index).attempts;
    if (attempts < rules.attempts) {
      const auto step = std::to_string(index) + " " + std::to_string(attempts);
      co_await send(step, wrong + " " + texts_.attempts_left);
      // Clients let a person send a form once.
      if (given.replied)
        if (const auto branch = replied_branch(index, branches, *given.replied))
          co_await show_branch(index, *branch, *branches[*branch].shown, step + " again",
                               rules.within);
      co_await suspend();
    }
    co_await close_branches(index, std::nullopt, {});
    remove_timer();
    log_.at(index).state = step_state::unanswered;
  }
  if (state == step_state::timed_out)
    throw dialogue_over{dialogue_end::timed_out, "nothing came within the time"};
  if (state == step_state::cancelled)
    throw dialogue_over{dialogue_end::cancelled, "the person has cancelled the form"};
  throw dialogue_over{dialogue_end::too_many_attempts, "too many answers did not fit"};
}

} // namespace tutti::detail
