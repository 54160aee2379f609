// What `bot::ask` is made of: which core actor a message is for, and the call that carries it.
#pragma once

#include <tutti/core.hpp>
#include <tutti/pending.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace tutti {

/// How a question is asked.
struct ask_options {
  /// How long the answer may take, a day at most; 0: as the message or the configuration has it.
  std::chrono::milliseconds timeout{0};
};

namespace detail {

template <class Message, class Signature>
struct answer_by {
  using type = void;
};
template <class Message, class Answer>
struct answer_by<Message,
                 caf::typed_mpi<caf::detail::type_list<Message>, caf::output_tuple<Answer>>> {
  using type = Answer;
};

template <class... Types>
struct first_but_void {
  using type = void;
};
template <class First, class... Rest>
struct first_but_void<First, Rest...> {
  using type =
      std::conditional_t<std::is_void_v<First>, typename first_but_void<Rest...>::type, First>;
};

template <class Message, class Handle>
struct answer_from;
template <class Message, class... Signatures>
struct answer_from<Message, caf::typed_actor<Signatures...>> {
  using type = typename first_but_void<typename answer_by<Message, Signatures>::type...>::type;
};

template <class Handle>
Handle handle_of(Handle core::*);

/// Looks through the members of `core` for the one that answers `Message`.
template <class Message, std::size_t I = 0>
struct core_answer {
  static_assert(I < std::tuple_size_v<decltype(core_members)>,
                "no core actor answers this message: see tutti/protocol, or name the actor: "
                "bot.ask(actor, message)");
  using handle = decltype(handle_of(std::get<I>(core_members)));
  using answer = typename answer_from<Message, handle>::type;
  static constexpr bool here = !std::is_void_v<answer>;
};

template <class Message, std::size_t I = 0>
constexpr std::size_t core_index() {
  if constexpr (core_answer<Message, I>::here)
    return I;
  else
    return core_index<Message, I + 1>();
}

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

/// The message that takes a question back, where the protocol has one.
inline cancel_im cancellation(const create_im& asked) {
  return {asked.ticket};
}
inline cancel_bulk cancellation(const open_ims& asked) {
  return {asked.ticket};
}
template <class Asked>
  requires std::is_same_v<Asked, create_room> || std::is_same_v<Asked, add_room_members> ||
           std::is_same_v<Asked, remove_room_members>
cancel_room_work cancellation(const Asked& asked) {
  return {asked.ticket};
}
inline cancel_connect cancellation(const connect_users& asked) {
  return {asked.ticket};
}
inline cancel_call cancellation(const http_call& asked) {
  return {asked.ticket};
}

template <class Message>
inline constexpr bool takes_long =
    std::is_same_v<Message, open_ims> || std::is_same_v<Message, create_room> ||
    std::is_same_v<Message, add_room_members> || std::is_same_v<Message, remove_room_members>;

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
    // What is made of many calls, each with its own deadline, takes as long as it takes.
    if constexpr (takes_long<Message>)
      patience = patience.count() > 0 ? patience : std::chrono::hours{24};
    if constexpr (requires { cancellation(message_); })
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
    if constexpr (requires { cancellation(message_); })
      self->send(whom_, cancellation(message_));
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

/// The answer to a message of the core, e.g. `im_created` for `create_im`.
template <class Message>
using answer_of = typename detail::core_answer<Message, detail::core_index<Message>()>::answer;

} // namespace tutti
