// Symphony's REST calls as functions: one builds the request, one reads the answer.
//
// The front door of wire. A reader answers with a failure for every status but the success
// it documents, quoting the pod's words; a shape that is not the documented one is
// `errc::protocol_error`. Sources: OpenAPI of the Pod API 20.17.1 and the Login API 20.14.1.
#pragma once

#include <wire/apps.hpp>
#include <wire/rooms.hpp>
#include <wire/streams.hpp>

#include <tutti/caller.hpp>
#include <tutti/connection.hpp>
#include <tutti/export.hpp>
#include <tutti/http_message.hpp>
#include <tutti/participants.hpp>
#include <tutti/result.hpp>
#include <tutti/session.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti::wire {

/// Most users one look-up names: what `GET /pod/v3/users` takes. The documents say nothing of the
/// connection list; it gets no more.
inline constexpr std::size_t max_users_per_call = 100;

/// Paths of the calls below, as the API documents them.
inline constexpr std::string_view login_path = "/login/pubkey/authenticate";
inline constexpr std::string_view session_info_path = "/pod/v2/sessioninfo";
inline constexpr std::string_view create_im_path = "/pod/v1/im/create";
inline constexpr std::string_view admin_create_im_path = "/pod/v1/admin/im/create";
inline constexpr std::string_view users_path = "/pod/v3/users";
inline constexpr std::string_view features_path = "/pod/v1/admin/user/{uid}/features";
inline constexpr std::string_view manifest_path = "/pod/v1/user/manifest/own";
inline constexpr std::string_view connections_path = "/pod/v1/connection/list";
inline constexpr std::string_view connection_path = "/pod/v1/connection/user/{userId}/info";

// -- session ----------------------------------------------------------------

/// Who logs in for itself.
enum class principal : std::uint8_t { bot, app };

/// How it shows who it is: a JWT signed with its key at the pod, or a client certificate at the
/// session authentication host.
enum class login_by : std::uint8_t { key, certificate };

/// Where a login goes.
TUTTI_FRONT_DOOR service login_host(login_by how);

/// `POST /login/pubkey/authenticate` (app: `/login/pubkey/app/authenticate`) with a signed JWT (see
/// jwt.hpp).
TUTTI_FRONT_DOOR http_request login(principal who, std::string_view jwt);
/// `POST /sessionauth/v1/authenticate` (app: `/sessionauth/v1/app/authenticate`), by certificate.
TUTTI_FRONT_DOOR http_request login(principal who);
/// The session, with the common JWT when the pod gives one. A 401 or 403 (by certificate also a
/// 400) is `errc::login_refused`, with the code `clock_skew` when the pod's `Date` is far from
/// `now`.
TUTTI_FRONT_DOOR result<session> read_login(principal who, login_by how,
                                            const http_response& answer,
                                            std::chrono::system_clock::time_point now);

/// `POST /relay/pubkey/authenticate` with a signed JWT, or `POST /keyauth/v1/authenticate` by
/// certificate: the key manager's token, which calls to the agent carry beside the session.
TUTTI_FRONT_DOOR http_request key_manager_login(login_by how, std::string_view jwt);
/// The token, as a session of its own. Errors as of `read_login`.
TUTTI_FRONT_DOOR result<session> read_key_manager_login(login_by how, const http_response& answer,
                                                        std::chrono::system_clock::time_point now);

/// `POST /login/pubkey/app/user/{userId}/authenticate`, or the same under `/sessionauth/v1/app`: a
/// user's session, asked for in the app's.
http_request login_user(user_id user, login_by how);
/// `POST /login/pubkey/app/username/{username}/authenticate`, or the same under
/// `/sessionauth/v1/app`.
http_request login_user(std::string_view username, login_by how);
/// The session of `user`, an id or a name. A 403 is `errc::not_entitled` with the code `obo`: the
/// app lacks `ACT_AS_USER`, is not enabled or not installed for the user (the status does not tell
/// which); a 400 or 404 is `errc::unknown_user`.
result<session> read_user_login(const http_response& answer, std::string_view user);
/// The failure of such a login: `errc::unknown_user` for a 401 that has come with a renewed session
/// of the app, any other as it is.
failure refused_user(failure why, std::string_view user);

/// When a JWT ends by its own claim `exp`, in seconds since 1970; `Bearer ` may stand before it.
/// Nothing for a text that is none. Verifies nothing.
std::optional<std::int64_t> expiry_of(std::string_view jwt);

/// `POST /login/idm/tokens`: a common JWT for calls, in the session of `current` itself.
http_request common_jwt(const session& current);
/// `current` with that JWT, and for how long it is good.
struct authorized_session {
  session current;
  std::chrono::seconds lifetime{0};
};
result<authorized_session> read_common_jwt(const http_response& answer, const session& current);
/// How long the session's common JWT is still good by its own `exp`; nothing when it does not say.
std::optional<std::chrono::seconds> jwt_lifetime(const session& current,
                                                 std::chrono::system_clock::time_point now);

/// The failure of a login the pod refused: `errc::login_refused` with `advice`, or, when the clocks
/// are far apart, the code `clock_skew` and what to do about that.
failure refused_login(std::string_view what, std::string_view advice, const http_response& answer,
                      std::chrono::system_clock::time_point now);

/// How many seconds the pod's clock is ahead of `now`, by the `Date` of an answer; nothing for a
/// text that is no HTTP date.
TUTTI_FRONT_DOOR std::optional<std::int64_t>
seconds_ahead(const std::string& date, std::chrono::system_clock::time_point now);

/// Whether clocks so far apart (the pod's minus ours, in seconds) keep a login out: a login's JWT
/// lives for 240 s and may end 300 s ahead at most.
TUTTI_FRONT_DOOR bool keeps_logins_out(std::int64_t ahead);

/// The header a session travels in, ready for the wire: `name: value\r\n`; `Authorization` for one
/// with a common JWT.
std::string session_header(const session& current);
/// The same for the agent; empty for a bot's session without the key manager's token.
std::string agent_header(const session& current);
/// The same with the session token, whatever else it has.
std::string token_header(const session& current);

/// Appends the header by which a request is found in the logs of both sides, ready for the wire.
void append_trace_header(std::string& headers, std::string_view trace);

/// `GET /pod/v2/sessioninfo`. On behalf of a user the app needs `GET_BASIC_USER_INFO`.
http_request session_info();
result<caller_info> read_session_info(const http_response& answer);

// -- conversations ----------------------------------------------------------

/// `POST /pod/v1/im/create`, or `/pod/v1/admin/im/create` in the admin form.
http_request create_im(im_form form, const participant_set& users);
result<stream_id> read_im(const http_response& answer);

// -- users ------------------------------------------------------------------

/// `GET /pod/v3/users?uid=...`; `local`: the caller's own pod only.
http_request find_users(std::span<const user_id> users, bool local);
/// The ids found; an empty list for 204.
result<std::vector<user_id>> read_users(const http_response& answer);

/// The query parameter users are named by.
enum class user_key { username, email };

/// `GET /pod/v3/users?username=...` or `?email=...`, active users only. Usernames need `local`.
http_request find_named_users(const std::set<std::string>& names, user_key by, bool local);
/// Ids by the names asked for; a name that several users have is listed with all their ids. When
/// one name was asked for and no user in the answer has it, users without a name count as its
/// users: the pod withholds the e-mail addresses of users of other pods.
result<std::map<std::string, std::vector<user_id>>>
read_named_users(const http_response& answer, const std::set<std::string>& names, user_key by);

/// `GET /pod/v1/admin/user/{uid}/features` (role User Provisioning; 403 for anybody else).
TUTTI_FRONT_DOOR http_request features_of(user_id user);
/// Whether the feature is on; nothing when the pod does not list it.
TUTTI_FRONT_DOOR result<std::optional<bool>> read_feature(const http_response& answer,
                                                          std::string_view feature);

/// `POST /pod/v1/admin/user/{uid}/features/update`, one feature.
TUTTI_FRONT_DOOR http_request update_feature(user_id user, std::string_view feature, bool enabled);

/// `GET /pod/v1/user/manifest/own` (SBE 24.1): what clients complete `/` from. Its text is JSON:
/// `{"commands": [{"name", "desc", "args": [{"name"}], "example"}]}`, of which args and example may
/// be absent (page "Update Bot Manifest" of the REST reference).
http_request own_manifest();
result<std::string> read_manifest(const http_response& answer);
/// `POST /pod/v1/user/manifest/own`.
http_request set_own_manifest(std::string_view text);
result<void> read_manifest_set(const http_response& answer);

/// The entitlement without which no IM with users of other pods is opened.
inline constexpr std::string_view external_im_feature = "isExternalIMEnabled";

// -- connections ------------------------------------------------------------

/// `GET /pod/v1/connection/list?status=ACCEPTED&userIds=...`
http_request accepted_connections(std::span<const user_id> users);
/// The same with every status (`ALL`) or one; no `users`: all.
http_request connections(std::optional<connection_status> status,
                         std::span<const user_id> users = {});
result<std::vector<user_connection>> read_connections(const http_response& answer);

/// `GET /pod/v1/connection/user/{userId}/info`
http_request connection_with(user_id user);
/// 404 (no such user, or nothing ever requested) is `connection_status::none`.
result<connection_status> read_connection(const http_response& answer);

/// `POST /pod/v1/connection/create`, `/accept`, `/reject`: `verb`.
http_request change_connection(std::string_view verb, user_id user);
/// `POST /pod/v1/connection/user/{uid}/remove`
http_request remove_connection(user_id user);
/// The state after it; `none` for a connection that was removed. A 404 is `errc::unknown_user`.
result<connection_status> read_connection_change(const http_response& answer);

// -- errors -----------------------------------------------------------------

/// The failure a status stands for when nothing more is known: 401 `unauthorized`, 403
/// `not_entitled`, 429 (or 400 with `Retry-After`) `rate_limited`, 5xx `unreachable`, below 400
/// `protocol_error` (redirects are never followed), else `rejected`.
failure refusal(std::string_view what, const http_response& answer);

/// Ends the detail of a failure whose call the retry budget kept from being repeated.
inline constexpr std::string_view budget_spent =
    "; not tried again: a tenth of the requests, or ten in ten seconds, have been of late";

/// `message` of a Symphony error body, or a capped excerpt of any other body.
std::string pod_message(const http_response& answer);

} // namespace tutti::wire
