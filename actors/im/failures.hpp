// Why there is no IM: the failures for a 403, a missing connection and a deadline that has passed.
#pragma once

#include <actors/telemetry/telemetry.hpp>

#include <tutti/protocol/connections.hpp>
#include <tutti/protocol/entitlement.hpp>
#include <tutti/result.hpp>

#include <chrono>

namespace tutti {

/// Of the form without the caller: only a role can be missing.
failure admin_refused(failure pod);

/// `pod` is the pod's refusal, `checked` what users, connections and features say about it. If
/// these name a cause, that failure with the pod's status and text; else the pod's own, with a note
/// that they name no cause or what could not be read. `on_behalf` of a user it also names the
/// permission that the app needs.
failure explained(const failure& pod, const entitlement_checked& checked, bool on_behalf);

/// How long the look-ups for an IM may take of the time there is for it.
std::chrono::milliseconds look_up_time(std::chrono::milliseconds patience);

/// Whether a look-up that failed like this says nothing of the IM: the pod has answered, if only
/// with an error, or has not answered in time. Not so when it cannot be reached, asks to slow down
/// or refuses the login, which the IM's own request would meet as well.
bool is_advice_only(const failure& look_up);

/// Where a request stood when its time was over.
struct late_im {
  /// Its participants; null: the caller itself was not known yet.
  const participant_set* users = nullptr;
  std::chrono::milliseconds patience{0};
  /// The other side's answer to a connection request was waited for.
  bool connecting = false;
};

/// `deadline_exceeded`, with what is known to be wrong.
failure too_late(const late_im& asked, const telemetry& life);

/// Whether every connection is accepted, so that none prevents the IM any more.
bool all_accepted(const users_connected& after);

/// `before`, of users without a connection, with what became of asking for one.
failure still_unconnected(failure before, const users_connected& after);

} // namespace tutti
