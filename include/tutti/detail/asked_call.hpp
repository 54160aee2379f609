// A question to an actor on behalf of a caller that is no actor: the object that both sides share.
#pragma once

#include <tutti/ids.hpp>
#include <tutti/pending.hpp>
#include <tutti/protocol/error.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace tutti {

/// How a question is asked.
struct ask_options {
  /// How long the answer may take, a day at most; 0: as the message or the configuration has it.
  std::chrono::milliseconds timeout{0};
};

namespace detail {

/// A call as the asking actor handles it.
class flying_call {
public:
  virtual ~flying_call() = default;
  /// Asks, as `self`; `landed` is called with the answer.
  virtual void fly(caf::event_based_actor* self, std::function<void()> landed) = 0;
  /// Sends the actor asked the message that takes the question back, where the protocol has one.
  virtual void take_back(caf::event_based_actor* self) = 0;
  virtual void fail(const failure& why) = 0;
  /// What it means that the actor asked is no longer there.
  std::function<failure()> when_gone;
  /// 0: what the configuration says.
  std::chrono::milliseconds patience{0};
};

/// One that another message takes back: the message names it (`cancelled_by`), a ticket links both.
template <class Message>
concept cancellable = requires { typename Message::cancelled_by; };

/// What is made of many calls, each with its own deadline, and takes as long as it takes.
template <class Message>
concept long_lasting = requires { requires Message::takes_long; };

template <class Message, class Answer, class Handle>
class asked_call final : public call_state<Answer>,
                         public flying_call,
                         public std::enable_shared_from_this<asked_call<Message, Answer, Handle>> {
public:
  asked_call(std::shared_ptr<job_runner> runner, Handle whom, Message message, ask_options options)
      : call_state<Answer>(std::move(runner)), whom_(std::move(whom)),
        message_(std::move(message)) {
    patience = options.timeout;
    if constexpr (requires { message_.timeout; }) {
      if (options.timeout.count() > 0)
        message_.timeout = options.timeout;
      // Its actor keeps the deadline; ours is for one that does not.
      if (message_.timeout.count() > 0)
        patience = std::min(message_.timeout,
                            std::chrono::duration_cast<std::chrono::milliseconds>(longest_wait)) +
                   std::chrono::seconds{1};
    }
    if constexpr (long_lasting<Message>)
      patience = patience.count() > 0 ? patience : std::chrono::hours{24};
    if constexpr (cancellable<Message>)
      if (!message_.ticket)
        message_.ticket = call_ticket::next();
  }

  void fly(caf::event_based_actor* self, std::function<void()> landed) override {
    self->request(whom_, caf::infinite, message_)
        .then(
            [call = this->shared_from_this(), landed](Answer& answer) {
              landed();
              call->end(std::move(answer));
            },
            [call = this->shared_from_this(), landed](const caf::error& error) {
              landed();
              auto gone = error == caf::sec::request_receiver_down && call->when_gone;
              call->end(gone ? call->when_gone() : to_failure(error));
            });
  }

  void take_back(caf::event_based_actor* self) override {
    if constexpr (cancellable<Message>)
      self->send(whom_, typename Message::cancelled_by{message_.ticket});
  }

  void fail(const failure& why) override { end(why); }

private:
  /// The handle of who asked may outlive the actor system; that of an actor must not.
  void end(result<Answer> answer) {
    whom_ = nullptr;
    this->settle(std::move(answer));
  }

  Handle whom_;
  Message message_;
};

/// No actor is asked: the deadline is the answer.
class timer_call final : public call_state<void>, public flying_call {
public:
  timer_call(std::shared_ptr<job_runner> runner, std::chrono::milliseconds time)
      : call_state<void>(std::move(runner)) {
    patience = std::max(time, std::chrono::milliseconds{1}); // 0 would mean the usual time.
  }

  void fly(caf::event_based_actor*, std::function<void()>) override {}
  void take_back(caf::event_based_actor*) override {}
  void fail(const failure& why) override {
    if (why.error == errc::deadline_exceeded)
      settle({});
    else
      settle(why);
  }
};

} // namespace detail

} // namespace tutti
