// What is known of the way between the caller and the users it asks for; decides where to look
// next.
#pragma once

#include <tutti/connection.hpp>
#include <tutti/participants.hpp>
#include <tutti/protocol/entitlement.hpp>

#include <optional>
#include <string>

namespace tutti {

/// Facts gathered for one `check_entitlement`, each empty until it has been looked up.
struct entitlement_facts {
  /// The question.
  participant_set users;
  bool refused = false;

  /// Those connected with the caller; users of its own pod always are.
  std::optional<participant_set> connected;
  /// Those of the caller's own pod.
  std::optional<participant_set> internal;
  /// Of those who are external and not connected: the ones the directory shows.
  std::optional<participant_set> visible;
  /// How the caller and the first visible but unconnected user stand.
  std::optional<connection_status> status;

  /// The caller's `isExternalIMEnabled`.
  enum class feature { not_asked, on, off, not_readable };
  feature external_im = feature::not_asked;

  /// What the pod said when it did not tell a fact: it may not be read, or came in another shape.
  std::string unreadable;

  participant_set external() const;
  participant_set unconnected() const;
};

/// The next thing to look up.
enum class look_up {
  /// Enough is known: `judge`.
  nothing,
  /// `GET /pod/v1/connection/list` for all users
  connections,
  /// `GET /pod/v3/users?local=true` for all users
  own_pod,
  /// `GET /pod/v3/users?local=false` for those external and not connected
  everywhere,
  /// `GET /pod/v1/connection/user/{id}/info` for the first of them that is visible
  connection,
  /// `GET /pod/v1/admin/user/{caller}/features`
  features,
};

/// Cheapest first, and only as far as the verdict depends on it.
look_up look_further(const entitlement_facts& known);

/// The verdict on complete facts.
entitlement_checked judge(const entitlement_facts& known);

} // namespace tutti
