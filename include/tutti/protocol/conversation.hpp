// conversation: the base of a bot author's actor that talks in one stream.
#pragma once

#include <tutti/protocol/dispatch.hpp>
#include <tutti/protocol/im.hpp>
#include <tutti/protocol/messages.hpp>

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace tutti {

/// Ask: the conversation's IM, answered once it is open. Errors: those of `create_im`.
struct await_open {};

/// Tell: the conversation is no longer needed; its actor ends.
struct close_conversation {};

/// Ask: hear a message, or another event. Answered once what was said to it has been sent; a
/// failure: it is to be heard again.
struct hear_message {
  std::shared_ptr<const event> what;
  /// By which answers are sent: those of a core that has restarted are others.
  messages_actor messages;
  /// How much other handlers have said to it: all that is said to an event is numbered.
  int said = 0;
};
/// Answer: it was.
struct message_heard {
  /// With what was said here.
  int said = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, await_open&) {
  return f(caf::meta::type_name("await_open"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, close_conversation&) {
  return f(caf::meta::type_name("close_conversation"));
}

/// Handle of a conversation.
using conversation_actor = caf::typed_actor<caf::replies_to<await_open>::with<im_created>,
                                            caf::reacts_to<close_conversation>,
                                            caf::replies_to<hear_message>::with<message_heard>>;

/// What a conversation begins with; made by the bot, handed on by a constructor.
struct conversation_start {
  im_actor im;
  messages_actor messages;
  /// The IM to open; nothing for a stream in which something was said.
  std::optional<create_im> open;
};

/// One that `bot::converse` starts asks for its IM and says when it is open; those of
/// `bot::listen` are made when something is said in a stream. Lives on CAF's scheduler: a slow
/// handler does not delay I/O.
class TUTTI_API conversation : public conversation_actor::base {
public:
  conversation(caf::actor_config& cfg, conversation_start start);

  const char* name() const override { return "tutti.conversation"; }

protected:
  /// What this conversation asked for; empty for one that was not asked for.
  const create_im& asked_for() const noexcept { return request_; }
  /// The IM it has opened, or the stream of what was said last.
  const stream_id& stream() const noexcept { return stream_; }

  /// The IM is open. Called once.
  virtual void on_open(const im_created& /*opened*/) {}

  /// There will be no IM. Called once, instead of `on_open`. Unless overridden, the actor ends with
  /// the failure as its exit reason (see `bot::wait_for`).
  virtual void on_refused(const failure& why);

  /// A message was said in this stream (edits left out). One after the other: the next is heard
  /// once what this one has said is sent. What it throws, and what is said and cannot be sent,
  /// makes the message be heard again (`events.attempts`).
  virtual void on_message(const message& /*heard*/) {}

  /// Something else happened in this stream, for those of `bot.listen_to_all`: an edit, a reply to
  /// a form (see `form::read`), people who came or left. As `on_message` otherwise.
  virtual void on_event(const event& /*what*/) {}

  /// Says something in this stream; in `on_message` and `on_event` once, however often the message
  /// is heard
  /// (`outbox.marker`).
  void say(outgoing_message what);

  /// Ends the actor, in `on_message` once what was said there is sent: `quit()` would not wait.
  void close();

  /// Something that was said outside of `on_message` could not be sent. Unless overridden, the
  /// actor ends with the failure as its exit reason.
  virtual void on_unsaid(const failure& why);

  /// The actor is about to end, for whatever reason: let go of handles and resources.
  virtual void on_end() {}

  behavior_type make_behavior() final;
  void on_exit() final;

private:
  /// What is being heard.
  struct hearing {
    std::shared_ptr<const event> what;
    caf::typed_response_promise<message_heard> heard;
    /// What was said to it, and how much of that is not sent yet.
    int said = 0;
    int sending = 0;
    std::optional<failure> failed;
  };

  void settle(const im_created& opened);
  void settle(const failure& why);
  caf::typed_response_promise<message_heard> hear(hear_message& asked);
  void end_hearing(const std::shared_ptr<hearing>& which);

  im_actor im_;
  messages_actor messages_;
  bool opens_;
  create_im request_;
  stream_id stream_;
  bool settled_ = false;
  bool closing_ = false;
  im_created opened_;
  failure refused_;
  std::vector<caf::typed_response_promise<im_created>> waiting_;
  std::shared_ptr<hearing> hears_;
};

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::hear_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::message_heard)
