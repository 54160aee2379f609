// /sessionauth and /keyauth: logins by client certificate, and the ends of sessions.
#include <emulator/routes/routes.hpp>

#include <boost/json.hpp>

namespace tutti::emulator {

namespace {

reply log_in(call& request, std::string_view token_name,
             answer<std::string> (sessions::*act)(const std::string&, time_point)) {
  auto token = (request.state.sessions.*act)(request.certificate, request.now);
  if (const auto* why = std::get_if<refusal>(&token))
    return error_reply(*why);
  return token_reply(request, token_name, std::get<std::string>(token));
}

/// A user's session; unlike other logins it answers `{sessionToken}`.
reply log_in_user(call& request, const user* whom) {
  auto owner = request.state.sessions.app_of(request.session_token, request.now);
  if (!owner.empty() && owner != request.certificate)
    return error_reply(403, "The certificate is not that of the app");
  auto token = request.state.sessions.log_in_user(request.session_token, whom, request.now);
  if (const auto* why = std::get_if<refusal>(&token)) // The documents of this login know no 401.
    return error_reply(why->status == 401 && !owner.empty() ? 400 : why->status, why->message);
  return json_reply({{"sessionToken", std::get<std::string>(token)}});
}

const reply no_session = error_reply(400, "There is no such session");

reply log_out(call& request) {
  if (!request.state.sessions.log_out(request.session_token))
    return no_session;
  return json_reply({{"message", "OK"}});
}

/// The key manager's tokens are none of the pod's sessions.
reply forget_key_manager_token(call& request) {
  return request.session_token.empty() ? no_session : json_reply({{"message", "OK"}});
}

} // namespace

std::vector<route> certificate_routes() {
  return {
      {"POST", "/sessionauth/v1/authenticate", false,
       [](call& request) {
         return log_in(request, "sessionToken", &sessions::log_in_by_certificate);
       }},
      {"POST", "/keyauth/v1/authenticate", false,
       [](call& request) {
         return log_in(request, "keyManagerToken", &sessions::log_in_to_key_manager_by_certificate);
       }},
      {"POST", "/sessionauth/v1/app/authenticate", false,
       [](call& request) {
         return log_in(request, "sessionToken", &sessions::log_in_app_by_certificate);
       }},
      {"POST", "/sessionauth/v1/app/user/{uid}/authenticate", false,
       [](call& request) {
         return log_in_user(request, request.state.users.find(read_id(request.path.front())));
       }},
      {"POST", "/sessionauth/v1/app/username/{username}/authenticate", false,
       [](call& request) { return log_in_user(request, user_named_in(request)); }},
      {"POST", "/sessionauth/v1/logout", false, log_out},
      {"POST", "/keyauth/v1/logout", false, forget_key_manager_token},
  };
}

} // namespace tutti::emulator
