// What people at a desk do.
#include <testing/desk_state.hpp>

#include <boost/json/array.hpp>

namespace tutti::testing {

user_id desk_user::id() const {
  return user_id::make(desk_->state_->person(name_).id).value();
}

std::string desk_user::says(const std::string& text) {
  auto& here = *desk_->state_;
  const auto stream = here.im_with_bot(here.person(name_));
  return says_in(stream_id::make(stream).value(), text);
}

std::string desk_user::says_in(const stream_id& where, const std::string& text) {
  auto& here = *desk_->state_;
  const auto stream = to_string(where);
  here.runs(); // The bot has its feed.
  return here.say(here.person(name_), stream, {here.wire->pod().messages.as_markup(text, stream)});
}

std::string desk_user::edits(const std::string& message_id, const std::string& text) {
  auto& here = *desk_->state_;
  auto& pod = here.wire->pod();
  const auto& who = here.person(name_);
  const auto* old = pod.messages.find(who, message_id);
  if (!old)
    throw std::runtime_error{name_ + " sees no message " + message_id};
  emulator::draft what{pod.messages.as_markup(text, old->stream)};
  what.typed = true;
  const auto* made = value_of(
      pod.messages.update(who, old->stream, message_id, std::move(what), here.wire->time()));
  pod.events.message_sent(*made, here.wire->time());
  here.runs();
  return made->id;
}

std::string desk_user::attaches(const std::string& file_name, const std::string& content,
                                const std::string& text) {
  auto& here = *desk_->state_;
  const auto& who = here.person(name_);
  const auto stream = here.im_with_bot(who);
  here.runs();
  emulator::draft what{
      here.wire->pod().messages.as_markup(text.empty() ? file_name : text, stream)};
  what.attachments.push_back(
      {{}, file_name, "application/octet-stream", std::make_shared<const std::string>(content)});
  return here.say(who, stream, std::move(what));
}

void desk_user::joins(const stream_id& room) {
  auto& here = *desk_->state_;
  auto& pod = here.wire->pod();
  const auto* where = value_of(pod.rooms.seen_by(here.person(bot_name), to_string(room)));
  const auto& owner = pod.users.at(where->creator);
  const auto& who = here.person(name_);
  value_of(pod.rooms.add_member(owner, where->id, who.id, here.wire->time()));
  pod.events.member_joined(*where, who.id, owner, here.wire->time());
  here.runs();
}

void desk_user::leaves(const stream_id& room) {
  auto& here = *desk_->state_;
  auto& pod = here.wire->pod();
  const auto& who = here.person(name_);
  const auto* where = value_of(pod.rooms.seen_by(who, to_string(room)));
  value_of(pod.rooms.remove_member(pod.users.at(where->creator), where->id, who.id));
  pod.events.member_left(*where, who.id, who, here.wire->time());
  here.runs();
}

message desk_user::hears() {
  using namespace std::chrono_literals;
  auto& here = *desk_->state_;
  const auto& who = here.person(name_);
  here.runs();
  const auto until = here.sys.scheduler().clock().now() + 60s;
  auto all = here.unheard(who);
  while (all.empty() && here.advance(until))
    all = here.unheard(who);
  if (all.empty())
    throw std::runtime_error{name_ +
                             " hears nothing within a minute of the desk's time; the bot's "
                             "last warnings:" +
                             (here.log->last().empty() ? " none" : here.log->last())};
  here.heard[who.id].insert(all.front()->id);
  return here.shown(*all.front());
}

std::vector<std::string> desk_user::unheard() const {
  const auto& here = *desk_->state_;
  std::vector<std::string> texts;
  for (const auto* each : here.unheard(here.person(name_)))
    texts.push_back(each->text);
  return texts;
}

filled_form desk_user::fills(const message& with_form) {
  return {*desk_, name_, with_form};
}

// -- forms --------------------------------------------------------------------------------

filled_form::filled_form(desk& at, std::string who, message with_form)
    : desk_(at), who_(std::move(who)), form_(std::move(with_form)) {}

filled_form& filled_form::with(const std::string& field, const std::string& value) {
  values_[field].push_back(value);
  return *this;
}

void filled_form::clicks(const std::string& button) {
  auto& here = *desk_.state_;
  constexpr std::string_view begin = "<form id=\"";
  const auto& markup = form_.presentation();
  const auto at = markup.find(begin);
  if (at == markup.npos)
    throw std::runtime_error{"the message has no form: " + form_.text()};
  const auto first = at + begin.size();
  emulator::form_reply what;
  what.message = form_.id();
  what.form = markup.substr(first, markup.find('"', first) - first);
  what.values["action"] = button;
  for (const auto& [field, values] : values_)
    if (values.size() == 1)
      what.values[field] = values.front();
    else
      what.values[field] = boost::json::array(values.begin(), values.end());
  value_of(
      emulator::reply_to_form_as(here.wire->pod(), here.person(who_), what, here.wire->time()));
  here.runs();
}

} // namespace tutti::testing
