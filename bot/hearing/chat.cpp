// What a handler asks for, as questions to the core.
#include <tutti/chat.hpp>

#include <tutti/bot.hpp>

namespace tutti {

namespace {

/// What a handler says is tried until it is said, or the bot stops.
constexpr std::chrono::hours patience{24};

/// The same in every process that handles the event; empty for an event that has no name.
std::string marker_of(const event& what, int number) {
  if (what.message_id.empty())
    return {};
  return what.message_id + ":" + std::to_string(static_cast<int>(what.kind)) + ":" +
         std::to_string(what.initiator.id.value()) + ":" + std::to_string(number);
}

template <class T>
T value_of(result<T> came) {
  if (!came)
    throw request_failed{came.error()};
  return std::move(*came);
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

task<message> chat::say(outgoing_message what) {
  return say_in(event_->stream.id, std::move(what));
}

task<message> chat::say_in(stream_id where, outgoing_message what) {
  send_message asked;
  asked.to = std::move(where);
  asked.what = std::move(what);
  asked.marker = marker_for(*event_, ++said_);
  asked.timeout = patience;
  co_return value_of(co_await owner_.ask(std::move(asked)));
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
  asked.timeout = patience;
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

} // namespace tutti
