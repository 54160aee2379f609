#include <bot/hearing/commands/command_listener.hpp>

#include <tutti/bot.hpp>
#include <tutti/messageml.hpp>

#include <algorithm>
#include <cstddef>

namespace tutti::commands {

namespace {

bool is_im(const chat& where) {
  const auto type = where.stream().type;
  return type == stream_type::im || type == stream_type::mim;
}

} // namespace

void command_listener::add(command_declaration what, alive plugin) {
  const auto of_author = plugin == nullptr;
  if (auto why = set_.add(std::move(what), std::move(plugin)); !why.empty()) {
    flaws_.push_back(std::move(why));
    own_flaws_ = of_author ? flaws_.size() : own_flaws_;
  }
  note_dialogues();
}

/// Each message asks.
void command_listener::note_dialogues() {
  has_dialogues_ = any_whole_stream_ = false;
  for (const auto& each : set_.all())
    if (each->declared.talk) {
      has_dialogues_ = true;
      any_whole_stream_ = any_whole_stream_ || each->declared.rules.whole_stream;
    }
}

void command_listener::keep_first(std::size_t count) {
  set_.keep_first(count);
  note_dialogues();
  flaws_.resize(own_flaws_);
}

command_texts command_listener::texts_for(const chat& where) const {
  return texts_ ? texts_(where) : command_texts{};
}

task<user_id> command_listener::own_id() {
  if (const auto known = user_id::make(own_id_))
    co_return *known;
  const whoami question;
  auto who = co_await owner_.ask(question);
  if (!who)
    throw request_failed{who.error()};
  own_id_ = who->id.value();
  co_return who->id;
}

task<command_listener::beginning> command_listener::begin_of(chat& where, const words& message) {
  beginning made;
  if (const auto& whom = message.all.front().user) {
    const auto own = co_await own_id();
    made.mentioned = *whom == own;
  }
  made.first = made.mentioned ? 1 : 0;
  made.may_be_command = made.mentioned || is_im(where) || rules_.mention != command_mention::rooms;
  if (made.mentioned && message.all.size() > 1 &&
      (message.all[1].text == "," || message.all[1].text == ":"))
    ++made.first; // `@bot, /quote`
  co_return made;
}

task<bool> command_listener::hear(chat& where) {
  const auto message = split(where.message().read());
  if (message.all.empty())
    co_return false;
  const auto [first, mentioned, may_be_command] = co_await begin_of(where, message);
  if (!may_be_command)
    co_return false;
  const auto in_im = is_im(where);
  auto found = set_.find(message, first);
  if (auto* call = std::get_if<command_set::call>(&found)) {
    if (!takes_part_(call->which->alive))
      co_return false;
    if (call->which->declared.talk)
      co_await begin_dialogue_(where, *call->which, std::move(call->values));
    else
      co_await call->which->declared.handle(where, std::move(call->values));
    co_return true;
  }
  if (const auto* wrong = std::get_if<command_set::misuse>(&found)) {
    if (!takes_part_(wrong->which->alive))
      co_return false;
    co_await answer(where, *wrong);
    co_return true;
  }
  if (const auto* none = std::get_if<command_set::unknown>(&found)) {
    if (!mentioned && !in_im && folded(none->given) != help_word)
      co_return false; // It may be another bot's.
    if (folded(none->given) == help_word)
      co_await help(where, message, first + 1);
    else
      co_await answer(where, *none);
    co_return true;
  }
  co_return false;
}

task<> command_listener::answer(chat& where, const command_set::misuse& what) {
  const auto texts = texts_for(where);
  messageml::message made;
  made.p(filled(texts.*what.why.text, what.why.words));
  made.p(filled(texts.usage, {{"usage", what.which->reads.usage()}}));
  co_await where.say(made);
}

task<> command_listener::answer(chat& where, const command_set::unknown& what) {
  const auto texts = texts_for(where);
  auto said = filled(texts.unknown, {{"given", what.given}});
  if (!what.nearest.empty())
    said += " " + filled(texts.did_you_mean, {{"nearest", what.nearest}});
  said += " " + filled(texts.see_help, {{"help", help_word}});
  co_await where.say(said);
}

/// All, or those that begin with the words after it.
task<> command_listener::help(chat& where, const words& message, std::size_t first) {
  using namespace messageml;
  const auto texts = texts_for(where);
  std::string wanted;
  for (auto i = first; i < message.all.size(); ++i)
    wanted.append(wanted.empty() ? "" : " ").append(folded(message.all[i].text));
  std::vector<list_item<content>> shown;
  for (const auto& each : set_.all()) {
    const auto own = each->reads.name();
    const auto meant = own.starts_with(wanted) || own.starts_with("/" + wanted);
    if (!meant || each->declared.by_code || (each->alive && !*each->alive))
      continue;
    auto line = each->declared.help.empty() ? "" : ": " + shortened(each->declared.help, 300);
    shown.push_back(item(b(each->reads.usage()), line));
  }
  if (wanted.empty() && has_dialogues())
    shown.push_back(item(b(cancel_word), ": " + texts.help_of_cancel));
  if (wanted.empty())
    shown.push_back(item(b(help_word), ": " + texts.help_of_help));
  if (shown.empty()) {
    const command_set::unknown none{shortened(wanted), {}};
    co_await answer(where, none);
    co_return;
  }
  constexpr std::size_t most = 100; // Of a message, which has 60,000 characters at most.
  for (std::size_t done = 0; done < shown.size(); done += most) {
    const auto begin = shown.begin() + static_cast<std::ptrdiff_t>(done);
    const auto count = static_cast<std::ptrdiff_t>(std::min(most, shown.size() - done));
    messageml::message made;
    if (done == 0)
      made.p(texts.help_title);
    made.add(bullets(std::vector<list_item<content>>(begin, begin + count)));
    co_await where.say(made);
  }
}

} // namespace tutti::commands
