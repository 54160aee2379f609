#include <bot/hearing/forms/forms.hpp>

#include <bot/hearing/answers.hpp>
#include <bot/hearing/chat_work.hpp>
#include <bot/hearing/commands/arguments.hpp>
#include <bot/hearing/marked.hpp>

#include <tutti/bot.hpp>
#include <tutti/regular_expression.hpp>
#include <tutti/wall_clock.hpp>

#include <algorithm>
#include <utility>

namespace tutti {

using commands::filled;

namespace {

constexpr std::string_view prefix = "form ";
constexpr const char* state_name = "form";
/// How long a form that is over is known, to say so.
constexpr std::chrono::hours remembered{24 * 7};

std::string scope_of(std::string_view message_id) {
  return std::string{prefix}.append(same_message(message_id));
}

} // namespace

struct forms::sent_form {
  std::string form;
  std::string message;
  bool once_per_user = true;
  bool once = false;
  std::int64_t only = 0;
  std::string only_name;
  bool over = false;
  /// Of those who may reply once.
  std::vector<std::int64_t> replied;
  /// Of a form that was sent again: that of the first one.
  std::string first;
  /// When it is over.
  std::chrono::system_clock::time_point until{};
  /// The dialogue that has sent it takes its replies.
  bool of_dialogue = false;

  BOOST_DESCRIBE_CLASS(sent_form, (),
                       (form, message, once_per_user, once, only, only_name, over, replied, first,
                        until, of_dialogue),
                       (), ())
};

std::string same_message(std::string_view id) {
  std::string made{id.substr(0, id.find('='))};
  std::replace(made.begin(), made.end(), '+', '-');
  std::replace(made.begin(), made.end(), '/', '_');
  return made;
}

std::string forms::add(definition which, handler handle, alive plugin) {
  if (which->id.empty())
    return "bot.on_form: a form needs an id";
  if (find(which->id))
    return "bot.on_form: '" + which->id + "' is heard twice; give each form an id of its own";
  for (const auto& each : which->fields)
    if (const regular_expression pattern{each.options.pattern}; !pattern.flaw().empty())
      return "bot.on_form: '" + which->id + "': " + each.name + ": " + pattern.flaw();
  try {
    messageml::message{}.add(which->content()).xml();
  } catch (const messageml::build_error& error) {
    return "bot.on_form: '" + which->id + "': " + error.what();
  }
  all_.push_back({std::move(which), std::move(handle), std::move(plugin)});
  return {};
}

const forms::entry* forms::find(std::string_view form_id) const {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [&](const auto& each) { return each.which->id == form_id; });
  return found == all_.end() ? nullptr : &*found;
}

// -- what is kept -------------------------------------------------------------------------

task<std::optional<forms::sent_form>> forms::look_up(std::string scope) {
  const auto stored = co_await stored_state(owner_, std::move(scope), state_name);
  const auto parsed = stored ? read_json(*stored) : result<json_value>{json_value{}};
  if (!stored || !parsed)
    co_return std::nullopt;
  sent_form known;
  read_value(*parsed, known);
  co_return known;
}

void forms::keep(chat& where, const std::string& scope, const std::optional<sent_form>& what) {
  where.work().more.state.push_back(
      {scope, state_name, what ? std::optional{to_json(to_value(*what))} : std::nullopt});
}

void forms::set_timer(chat& where, const std::string& scope, std::chrono::milliseconds after) {
  where.work().more.timers.push_back(
      {scope, to_string(where.stream().id), later_by(owner_.now(), after), {}});
}

task<message> forms::send(chat& where, definition which, form_rules rules) {
  messageml::message built;
  built.add(which->content());
  auto said = co_await where.say(built);
  const auto scope = scope_of(said.id());
  sent_form made;
  made.form = which->id;
  made.message = said.id();
  made.once_per_user = rules.once_per_user;
  made.once = rules.once;
  made.until = later_by(owner_.now(), rules.expires);
  if (rules.only)
    made.only = rules.only->value();
  if (rules.only && *rules.only == where.sender().id)
    made.only_name = where.sender().display_name;
  keep(where, scope, made);
  set_timer(where, scope, rules.expires);
  co_return said;
}

void forms::remember(chat& where, const detail::form_definition& which,
                     const std::string& message_id, const user_info& only,
                     std::chrono::milliseconds within) {
  sent_form made;
  made.form = which.id;
  made.message = message_id;
  made.only = only.id.value();
  made.only_name = only.display_name;
  made.over = true; // A reply that the dialogue does not take comes too late.
  made.of_dialogue = true;
  keep(where, scope_of(message_id), made);
  set_timer(where, scope_of(message_id),
            std::min<std::chrono::milliseconds>(within, remembered) + remembered);
}

// -- replies --------------------------------------------------------------------------------

std::string forms::objection(const sent_form& to, const user_info& who,
                             const command_texts& texts) const {
  if (to.only != 0 && to.only != who.id.value())
    return filled(texts.form_of_another,
                  {{"person", to.only_name.empty() ? "another person" : to.only_name}});
  if (to.over)
    return texts.form_over;
  const auto again =
      std::find(to.replied.begin(), to.replied.end(), who.id.value()) != to.replied.end();
  return to.once_per_user && again ? texts.form_answered : std::string{};
}

task<> forms::end(chat& where, const std::string& scope, sent_form& which, std::string text) {
  co_await replace_marked(where, scope + " over", which.message, std::move(text));
  which.over = true;
  set_timer(where, scope, remembered);
}

task<> forms::send_again(chat& where, const std::string& scope, sent_form& known,
                         const entry& which, std::string wrong) {
  co_await say_marked(where, scope + " why", wrong);
  messageml::message built;
  built.add(which.which->content());
  const auto said = co_await say_marked(where, scope + " again", built);
  auto again = known; // Clients let a person send a form once.
  again.message = said.id();
  again.only = where.sender().id.value();
  again.only_name = where.sender().display_name;
  again.replied.clear();
  again.first = known.first.empty() ? scope : known.first;
  keep(where, scope_of(said.id()), again);
  const auto left = again.until - owner_.now();
  set_timer(where, scope_of(said.id()),
            std::chrono::duration_cast<std::chrono::milliseconds>(left));
  if (known.only != 0)
    known.over = true;
  else
    known.replied.push_back(where.sender().id.value());
  keep(where, scope, known);
}

task<bool> forms::hear(chat& where) {
  const auto& reply = where.event().form;
  const auto texts = texts_(where);
  const auto scope = scope_of(reply.message_id);
  const auto* heard_by = find(reply.form_id);
  auto known = co_await look_up(scope);
  if (known && known->of_dialogue)
    heard_by = nullptr;
  else if (!heard_by || !takes_part_(heard_by->plugin))
    co_return false;
  auto wrong = known ? objection(*known, where.sender(), texts) : texts.form_unknown;
  std::optional<sent_form> first;
  if (known && !known->first.empty())
    first = co_await look_up(known->first);
  if (first && first->over && wrong.empty())
    wrong = texts.form_over;
  if (!wrong.empty()) {
    co_await say_marked(where, scope + " wrong", wrong);
    co_return true;
  }
  const auto for_one = known->once || known->only != 0;
  if (reply.action == "cancel") {
    if (known->only != 0) {
      co_await end(where, scope, *known, texts.form_cancelled);
      keep(where, scope, known);
    }
    co_return true;
  }
  auto values = detail::read_form_reply(heard_by->which->fields, reply, texts);
  if (auto* flaw = std::get_if<std::string>(&values)) {
    co_await send_again(where, scope, *known, *heard_by, std::move(*flaw));
    co_return true;
  }
  co_await heard_by->handle(where, std::get<json_value>(values));
  if (known->once_per_user)
    known->replied.push_back(where.sender().id.value());
  const auto summary = detail::form_summary(heard_by->which->fields, std::get<json_value>(values));
  const auto said = filled(texts.form_sent, {{"values", summary}});
  if (for_one)
    co_await end(where, scope, *known, said);
  if (first && first->once) {
    co_await end(where, known->first, *first, said);
    keep(where, known->first, first);
  }
  keep(where, scope, known);
  co_return true;
}

task<bool> forms::on_timer(chat& where) {
  const auto& scope = where.event().id;
  if (!scope.starts_with(prefix))
    co_return false;
  auto known = co_await look_up(scope);
  if (!known)
    co_return true;
  if (known->over) {
    keep(where, scope, std::nullopt);
    co_return true;
  }
  const auto texts = texts_(where);
  co_await end(where, scope, *known, texts.form_over);
  keep(where, scope, known);
  co_return true;
}

} // namespace tutti
