// users: looks users up, many in one call, keeps who is internal, and publishes the bot's manifest.
#pragma once

#include <tutti/protocol/error.hpp>

#include <tutti/identity.hpp>
#include <tutti/participants.hpp>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace tutti {

/// Where a user is looked for (query `local` of `GET /pod/v3/users`).
enum class user_scope : std::uint8_t {
  /// The caller's own pod: those found are internal. Answers are kept.
  own_pod,
  /// The directory with visible users of other pods. Asked for each time.
  everywhere,
};

/// Ask: which of these users exist in that scope.
/// Errors: those of `http_call`, and `not_entitled`, `rejected`, `rate_limited`, `protocol_error`.
struct find_users {
  identity as;
  participant_set users;
  user_scope scope = user_scope::own_pod;
};

/// Answer: those of the users asked for that were found.
struct users_found {
  participant_set users;
};

/// What users are called by.
enum class user_naming : std::uint8_t {
  /// On the caller's own pod.
  username,
  /// On the caller's own pod.
  email,
  /// Users of other pods too. The pod withholds their addresses, so each costs a call of its own.
  email_anywhere,
};

/// Ask: the ids of active users by name. Errors: as `find_users`.
struct find_named_users {
  identity as;
  user_naming by = user_naming::username;
  /// As people spell them: usernames are case-sensitive, e-mail addresses are not.
  std::set<std::string> names;
};

/// Answer: those that were found, by the name asked for.
struct named_users_found {
  std::map<std::string, user_id> users;
  /// Names that several active users have, with the ids of all of them: none is chosen.
  std::map<std::string, std::vector<user_id>> ambiguous;
};

/// Ask: the manifest of the caller, a service account (`GET /pod/v1/user/manifest/own`): JSON that
/// lists its commands, which clients complete. Errors: as `find_users`.
struct get_manifest {
  identity as;
};
/// Answer: empty for none.
struct manifest_found {
  std::string text;
};

/// Ask: replace it (`POST /pod/v1/user/manifest/own`). Errors: as `find_users`.
struct set_manifest {
  identity as;
  /// At most 6,144 characters.
  std::string text;
};
/// Answer: it is replaced.
struct manifest_set {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, get_manifest& x) {
  return f(caf::meta::type_name("get_manifest"), x.as);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, manifest_found& x) {
  return f(caf::meta::type_name("manifest_found"), x.text);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, set_manifest& x) {
  return f(caf::meta::type_name("set_manifest"), x.as, x.text);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, manifest_set&) {
  return f(caf::meta::type_name("manifest_set"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, find_named_users& x) {
  return f(caf::meta::type_name("find_named_users"), x.as, x.by, x.names);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, named_users_found& x) {
  return f(caf::meta::type_name("named_users_found"), x.users, x.ambiguous);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, find_users& x) {
  return f(caf::meta::type_name("find_users"), x.as, x.users, x.scope);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, users_found& x) {
  return f(caf::meta::type_name("users_found"), x.users);
}

/// Handle of the users actor.
using users_actor = caf::typed_actor<caf::replies_to<find_users>::with<users_found>,
                                     caf::replies_to<find_named_users>::with<named_users_found>,
                                     caf::replies_to<get_manifest>::with<manifest_found>,
                                     caf::replies_to<set_manifest>::with<manifest_set>>;

} // namespace tutti
