// entitlement: says beforehand whether the caller may open an IM with these users.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/identity.hpp>
#include <tutti/participants.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace tutti {

/// Ask: may the caller open this IM? Errors: those of `http_call`, `rate_limited`; when the
/// pod refuses a look-up, or answers it in another shape, the verdict is unknown.
struct check_entitlement {
  identity as;
  /// All participants but the caller.
  participant_set users;
  /// The pod has just refused this very IM: look at the caller's features whatever the users are.
  bool refused = false;
};

/// What the look-ups say.
enum class verdict : std::uint8_t {
  /// The look-ups found no obstacle.
  allowed,
  /// The pod would refuse; `reason` says why and what to do.
  denied,
  /// It cannot be read (a plain bot may not read its own features): the pod decides.
  unknown,
};

/// Answer: the verdict, with its reason.
struct entitlement_checked {
  verdict outcome = verdict::unknown;
  /// When denied: `not_entitled`, `not_connected` or `unknown_user` and the way out. When unknown:
  /// what could not be read, in the detail.
  failure reason;
  /// When denied with `not_connected`: the external users without a connection.
  participant_set unconnected{};
};

/// Handle of the entitlement actor; the natural one to replace by a bank's own service.
using entitlement_actor =
    caf::typed_actor<caf::replies_to<check_entitlement>::with<entitlement_checked>>;

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::check_entitlement)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::entitlement_checked)
