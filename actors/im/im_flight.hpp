// The steps of one flight as a state machine: an event in, the next action out.
#pragma once

#include <tutti/config.hpp>
#include <tutti/identity.hpp>
#include <tutti/protocol/connections.hpp>
#include <tutti/protocol/entitlement.hpp>
#include <tutti/protocol/im.hpp>
#include <tutti/result.hpp>

#include <cstdint>
#include <memory>

namespace tutti {

/// Decides only; the IM actor carries the actions out. An event that the current step does not wait
/// for gives `nothing` and changes nothing.
class im_flight {
public:
  enum class step : std::uint8_t { start, check, create, explain, connect, done };

  enum class action : std::uint8_t {
    /// The event came too late.
    nothing,
    /// Ask whether the caller may open this IM.
    ask_entitlement,
    /// Ask the pod to create the IM.
    create,
    /// Ask why the pod has refused the IM: every fact is looked up again.
    ask_why,
    /// Ask the users in `unconnected()` for a connection.
    connect,
    /// Answer the waiters with the stream.
    land,
    /// Answer the waiters with `why()`.
    fail,
  };

  im_flight(im_form form, const identity& as, connect_policy connect) noexcept
      : form_(form), on_behalf_(!as.is_bot()), policy_(connect) {}

  /// Begins. `known_allowed`: no look-up is needed, because all users were found allowed lately or
  /// are of the caller's own pod. Without the caller as a member (`im_form::admin`) the caller's
  /// connections and features do not matter: the pod asks for a role instead, and says so.
  action begin(bool known_allowed);

  /// The answer to `ask_entitlement` or `ask_why`.
  action checked(const entitlement_checked& what);

  /// No answer to `ask_entitlement` or `ask_why`, or not in time. Look-ups are advice: in the end
  /// the pod decides.
  action not_checked(const failure& why);

  /// The pod has named the stream.
  action created();

  /// The pod has answered 403, which has several causes.
  action forbidden(const failure& why);

  /// The pod has not created the IM for another reason, or was not reached.
  action not_created(const failure& why);

  /// What became of `connect`.
  action connected(const users_connected& after);
  action not_connected(const failure& why);

  step now() const noexcept { return step_; }

  /// Why there is no IM; to be read after `fail` only.
  const failure& why() const noexcept { return trouble_->why; }

  /// To be read after `connect` only.
  const participant_set& unconnected() const noexcept { return trouble_->unconnected; }

private:
  struct trouble {
    failure why;
    participant_set unconnected{};
  };

  action go(step next, action then) noexcept {
    step_ = next;
    return then;
  }
  action fail(failure why);
  /// Users who are only not connected are asked for a connection, once in a flight.
  action refuse(failure why, const participant_set& unconnected);

  step step_ = step::start;
  im_form form_;
  bool on_behalf_;
  connect_policy policy_;
  bool connection_asked_ = false;
  /// Few flights have any.
  std::unique_ptr<trouble> trouble_;
};

} // namespace tutti
