// The base of authors' conversation actors.
#include <tutti/protocol/conversation.hpp>

#include <caf/send.hpp>

#include <exception>
#include <utility>

namespace tutti {

conversation::conversation(caf::actor_config& cfg, conversation_start start)
    : conversation_actor::base(cfg), im_(std::move(start.im)), messages_(std::move(start.messages)),
      opens_(start.open.has_value()), request_(std::move(start.open).value_or(create_im{})) {
  request_.ticket = call_ticket::next();
  // What an author's handler throws is the reason of the end, in words.
  set_exception_handler(
      [](caf::scheduled_actor*, std::exception_ptr& thrown) { return to_error(thrown); });
}

conversation::behavior_type conversation::make_behavior() {
  if (opens_) // im always answers, by its own deadline at the latest: no timeout of CAF's is
              // needed.
    request(im_, caf::infinite, request_)
        .then([this](const im_created& opened) { settle(opened); },
              [this](const caf::error& error) { settle(to_failure(error)); });
  return {
      [this](await_open) {
        auto promise = make_response_promise<caf::typed_response_promise<im_created>>();
        if (!opens_)
          promise.deliver(to_error({errc::rejected, "this conversation opens no IM", 0, {}}));
        else if (!settled_)
          waiting_.push_back(promise);
        else if (opened_.stream == stream_id{})
          promise.deliver(to_error(refused_));
        else
          promise.deliver(opened_);
        return promise;
      },
      [this](close_conversation) { close(); },
      [this](hear_message& asked) { return hear(asked); },
  };
}

void conversation::on_refused(const failure& why) {
  quit(to_error(why));
}

void conversation::on_unsaid(const failure& why) {
  quit(to_error(why));
}

void conversation::on_exit() {
  if (opens_ && !settled_) // No actor is left to receive the answer.
    caf::anon_send(im_, cancel_im{request_.ticket});
  const failure ended{errc::shutting_down, "the conversation has ended", 0, {}};
  for (auto& each : std::exchange(waiting_, {}))
    each.deliver(to_error(ended));
  // No outage: it would be heard again for ever.
  if (auto last = std::exchange(hears_, nullptr))
    last->heard.deliver(to_error(last->failed.value_or(
        failure{errc::internal,
                "the conversation ended before what it said was sent; close() waits for that", 0,
                "conversation"})));
  im_ = nullptr;
  messages_ = nullptr;
  on_end();
}

void conversation::settle(const im_created& opened) {
  settled_ = true;
  opened_ = opened;
  stream_ = opened.stream;
  for (auto& each : std::exchange(waiting_, {}))
    each.deliver(opened_);
  on_open(opened_);
}

void conversation::settle(const failure& why) {
  settled_ = true;
  refused_ = why;
  for (auto& each : std::exchange(waiting_, {}))
    each.deliver(to_error(refused_));
  on_refused(refused_);
}

// -- hearing ------------------------------------------------------------------------

caf::typed_response_promise<message_heard> conversation::hear(hear_message& asked) {
  auto promise = make_response_promise<caf::typed_response_promise<message_heard>>();
  if (hears_) {
    promise.deliver(
        to_error({errc::rejected, "the conversation hears another message: one at a time", 0, {}}));
    return promise;
  }
  messages_ = std::move(asked.messages);
  stream_ = asked.what->stream.id;
  auto here = std::make_shared<hearing>(hearing{std::move(asked.what), promise, asked.said});
  hears_ = here;
  ++here->sending; // Until the author's code returns.
  try {
    if (here->what->is_new_message())
      on_message(here->what->message);
    else
      on_event(*here->what);
  } catch (const std::exception& thrown) { // An author's code: the message is heard again.
    here->failed = failure{errc::internal, thrown.what(), 0, "conversation"};
  } catch (...) {
    here->failed =
        failure{errc::internal, "its handler threw what is no exception", 0, "conversation"};
  }
  --here->sending;
  end_hearing(here);
  return promise;
}

void conversation::end_hearing(const std::shared_ptr<hearing>& which) {
  if (hears_ != which || which->sending > 0)
    return;
  hears_ = nullptr;
  if (which->failed)
    which->heard.deliver(to_error(*which->failed));
  else
    which->heard.deliver(message_heard{which->said});
  if (closing_)
    quit();
}

void conversation::close() {
  closing_ = true;
  if (!hears_)
    quit();
}

void conversation::say(outgoing_message what) {
  send_message asked;
  asked.to = stream_;
  asked.what = std::move(what);
  asked.timeout = said_within;
  auto here = hears_;
  if (here) {
    asked.marker = marker_for(*here->what, ++here->said);
    ++here->sending;
  }
  request(messages_, caf::infinite, std::move(asked))
      .then(
          [this, here](const message&) {
            if (!here)
              return;
            --here->sending;
            end_hearing(here);
          },
          [this, here](const caf::error& error) {
            auto why = to_failure(error);
            if (!here)
              return on_unsaid(why);
            here->failed = std::move(why);
            --here->sending;
            end_hearing(here);
          });
}

} // namespace tutti
