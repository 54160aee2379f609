// conversation: the base of a bot author's actor that talks with some users in an IM.
#pragma once

#include <tutti/protocol/im.hpp>

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <vector>

namespace tutti {

/// Ask: the conversation's IM, answered once it is open. Errors: those of `create_im`.
struct await_open {};

/// Tell: the conversation is no longer needed; its actor ends.
struct close_conversation {};

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
                                            caf::reacts_to<close_conversation>>;

/// Asks for its IM when it starts and says when it is open. Lives on CAF's scheduler: a slow
/// handler does not delay I/O.
class TUTTI_API conversation : public conversation_actor::base {
public:
  /// `request.as` and `request.participants` name the conversation; a ticket is chosen here.
  conversation(caf::actor_config& cfg, im_actor im, create_im request);

  const char* name() const override { return "tutti.conversation"; }

protected:
  /// What this conversation asked for.
  const create_im& asked_for() const noexcept { return request_; }

  /// The IM is open. Called once.
  virtual void on_open(const im_created& opened) = 0;

  /// There will be no IM. Called once, instead of `on_open`. Unless overridden, the actor ends with
  /// the failure as its exit reason (see `bot::wait_for`).
  virtual void on_refused(const failure& why);

  /// The actor is about to end, for whatever reason: let go of handles and resources.
  virtual void on_end() {}

  behavior_type make_behavior() final;
  void on_exit() final;

private:
  void settle(const im_created& opened);
  void settle(const failure& why);

  im_actor im_;
  create_im request_;
  bool settled_ = false;
  im_created opened_;
  failure refused_;
  std::vector<caf::typed_response_promise<im_created>> waiting_;
};

} // namespace tutti
