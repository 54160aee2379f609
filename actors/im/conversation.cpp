// The base of authors' conversation actors.
#include <tutti/protocol/conversation.hpp>

#include <caf/send.hpp>

#include <utility>

namespace tutti {

conversation::conversation(caf::actor_config& cfg, im_actor im, create_im request)
    : conversation_actor::base(cfg), im_(std::move(im)), request_(std::move(request)) {
  request_.ticket = call_ticket::next();
  // What an author's handler throws is the reason of the end, in words.
  set_exception_handler(
      [](caf::scheduled_actor*, std::exception_ptr& thrown) { return to_error(thrown); });
}

conversation::behavior_type conversation::make_behavior() {
  // im always answers, by its own deadline at the latest: no timeout of CAF's is needed.
  request(im_, caf::infinite, request_)
      .then([this](const im_created& opened) { settle(opened); },
            [this](const caf::error& error) { settle(to_failure(error)); });
  return {
      [this](await_open) {
        auto promise = make_response_promise<caf::typed_response_promise<im_created>>();
        if (!settled_)
          waiting_.push_back(promise);
        else if (opened_.stream == stream_id{})
          promise.deliver(to_error(refused_));
        else
          promise.deliver(opened_);
        return promise;
      },
      [this](close_conversation) { quit(); },
  };
}

void conversation::on_refused(const failure& why) {
  quit(to_error(why));
}

void conversation::on_exit() {
  if (!settled_) // No actor is left to receive the answer.
    caf::anon_send(im_, cancel_im{request_.ticket});
  for (auto& each : std::exchange(waiting_, {}))
    each.deliver(to_error({errc::shutting_down, "the conversation has ended", 0, {}}));
  im_ = nullptr;
  on_end();
}

void conversation::settle(const im_created& opened) {
  settled_ = true;
  opened_ = opened;
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

} // namespace tutti
