// What a handler asks for, as questions to the core.
#include <bot/hearing/answers.hpp>
#include <bot/hearing/chat_work.hpp>
#include <bot/hearing/hearing.hpp>
#include <bot/hearing/timers/reminders.hpp>

#include <tutti/bot.hpp>
#include <tutti/wall_clock.hpp>

#include <stdexcept>

namespace tutti {

namespace {

/// The same in every process that handles the event; empty for an event that has no name.
std::string marker_of(const event& what, int number) {
  if (what.message_id.empty())
    return {};
  return what.message_id + ":" + std::to_string(static_cast<int>(what.kind)) + ":" +
         std::to_string(what.initiator.id.value()) + ":" + std::to_string(number);
}

} // namespace

send_marker marker_for(const event& what, int said) {
  send_marker made{marker_of(what, said), what.marks.repeated || what.marks.caught_up,
                   what.at - std::chrono::seconds{1}};
  made.doubtful = made.doubtful && !made.text.empty();
  return made;
}

request_failed::request_failed(failure why)
    : std::runtime_error(to_string(why)), why_(std::move(why)) {}

failure detail::failure_of(const std::exception& thrown) {
  if (const auto* failed = dynamic_cast<const request_failed*>(&thrown))
    return failed->why();
  if (dynamic_cast<const messageml::build_error*>(&thrown))
    return {errc::rejected, thrown.what(), 0, "messageml"};
  return {errc::internal, thrown.what(), 0, "task"};
}

chat::chat(tutti::bot& owner, std::shared_ptr<const tutti::event> what)
    : owner_(owner), event_(std::move(what)) {}

chat::~chat() = default;

task<message> chat::say(outgoing_message what) {
  return say_in(event_->stream.id, std::move(what));
}

task<message> chat::say_in(stream_id where, outgoing_message what) {
  send_message asked;
  asked.to = std::move(where);
  asked.what = std::move(what);
  asked.marker = marker_for(*event_, ++said_);
  asked.timeout = said_within;
  co_return value_of(co_await owner_.ask(std::move(asked)));
}

task<message> chat::say_form(std::shared_ptr<const detail::form_definition> which,
                             form_rules rules) {
  return hearing::of(owner_).said_forms().send(*this, std::move(which), rules);
}

task<bool> chat::begin(std::string name, detail::dialogue_arguments given) {
  return hearing::of(owner_).dialogues().begin_named(*this, std::move(name),
                                                     std::move(given.values));
}

task<message> chat::reply_in_im(outgoing_message what) {
  create_im asked;
  asked.participants.push_back(event_->initiator.id);
  auto opened = value_of(co_await owner_.ask(std::move(asked)));
  co_return co_await say_in(opened.stream, std::move(what));
}

task<message> chat::update(tutti::message which, outgoing_message what) {
  update_message asked;
  asked.in = which.stream().id;
  asked.id = which.id();
  asked.what = std::move(what);
  asked.marker = marker_for(*event_, ++said_);
  asked.timeout = said_within;
  co_return value_of(co_await owner_.ask(std::move(asked)));
}

task<std::vector<message>> chat::history(std::chrono::system_clock::time_point since,
                                         std::size_t limit) {
  list_messages asked;
  asked.in = event_->stream.id;
  asked.since = since;
  asked.limit = limit;
  auto listed = value_of(co_await owner_.ask(std::move(asked)));
  co_return std::move(listed.messages);
}

task<std::string> chat::read(attachment_info which) {
  read_attachment asked;
  asked.in = event_->stream.id;
  asked.message_id = event_->message.id();
  asked.file_id = std::move(which.id);
  auto came = value_of(co_await owner_.ask(std::move(asked)));
  co_return std::move(came.content);
}

// -- what is kept -------------------------------------------------------------------------

namespace {

/// As `state_change::scope` has it.
std::string scope_name(const event& what, state_scope of) {
  const auto user = std::to_string(what.initiator.id.value());
  switch (of) {
  case state_scope::stream:
    // What happens in no stream at the same time does not share its state.
    return what.kind == event_kind::timer_due && what.stream.id == stream_id{}
               ? what.id
               : to_string(what.stream.id);
  case state_scope::user:
    return "user " + user;
  case state_scope::user_in_stream:
    return to_string(what.stream.id) + " " + user;
  }
  return {};
}

} // namespace

void detail::refuse_state(const state_cell& which, const std::string& why) {
  throw request_failed{{errc::rejected, "state '" + which.name + "': " + why, 0, "state"}};
}

detail::chat_work& chat::work() {
  if (!work_)
    work_ = std::make_shared<detail::chat_work>(hearing::of(owner_).locks());
  return *work_;
}

task<std::shared_ptr<detail::state_cell>> chat::cell(std::string name, state_scope of) {
  const auto scope = scope_name(*event_, of);
  auto& here = work();
  if (of == state_scope::user && !here.has(scope)) {
    const auto given = co_await here.locks().take(scope, hearing::of(owner_).resumer());
    if (!given)
      throw request_failed{{errc::shutting_down, "the bot is stopping", 0, {}}};
    here.holds(scope);
  }
  if (auto known = here.find(scope, name))
    co_return known;
  auto made = std::make_shared<detail::state_cell>();
  made->scope = scope;
  made->name = std::move(name);
  made->stored = co_await stored_state(owner_, scope, made->name);
  here.add(made);
  co_return made;
}

std::string chat::remind(std::chrono::system_clock::time_point at, outgoing_message what) {
  if (event_->stream.id == stream_id{})
    throw std::logic_error{"chat.remind: the event has no stream in which it could be said"};
  auto made = reminder_of(*event_, ++said_, at, what);
  auto id = made.id;
  work().more.timers.push_back(std::move(made));
  return id;
}

std::string chat::remind(std::chrono::milliseconds after, outgoing_message what) {
  return remind(later_by(owner_.now(), after), std::move(what));
}

void chat::forget_reminder(const std::string& id) {
  auto& more = work().more;
  std::erase_if(more.timers, [&](const auto& each) { return each.id == id; });
  if (is_reminder(id))
    more.timers_removed.push_back(id);
}

handling chat::left() {
  if (!work_)
    return {};
  auto all = std::move(work_->more);
  for (auto& each : work_->changes())
    all.state.push_back(std::move(each));
  return all;
}

} // namespace tutti
