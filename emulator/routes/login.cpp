// /login and /relay: RSA logins of bots, apps and users on whose behalf they act.
#include <emulator/routes/routes.hpp>

#include <emulator/text.hpp>

#include <boost/json.hpp>
#include <simdjson.h>

namespace tutti::emulator {

namespace {

using login_of = answer<std::string> (sessions::*)(const std::string&, time_point);

reply authenticate(call& request, std::string_view token_name, login_of act) {
  std::string jwt;
  try {
    simdjson::dom::parser parser;
    jwt = std::string_view{parser.parse(request.body)["token"]};
  } catch (const simdjson::simdjson_error&) {
    return error_reply(401, "The body holds no token");
  }
  auto token = (request.state.sessions.*act)(jwt, request.now);
  if (const auto* why = std::get_if<refusal>(&token))
    return error_reply(*why);
  return token_reply(request, token_name, std::get<std::string>(token));
}

/// A user's session for the app whose session came in the header.
reply authenticate_user(call& request, const user* whom) {
  auto token = request.state.sessions.log_in_user(request.session_token, whom, request.now);
  if (const auto* why = std::get_if<refusal>(&token))
    return error_reply(*why);
  return json_reply({{"name", "sessionToken"}, {"token", std::get<std::string>(token)}});
}

} // namespace

const user* user_named_in(const call& request) {
  return request.state.sessions.user_for_app(request.session_token,
                                             pct_decoded(request.path.front()), request.now);
}

reply token_reply(call& request, std::string_view name, const std::string& token) {
  boost::json::object body{{"name", name}, {"token", token}};
  if (request.state.options.common_jwt_at_login)
    if (auto jwt = request.state.sessions.common_jwt(token, request.now); !jwt.empty())
      body["authorizationToken"] = "Bearer " + jwt;
  return json_reply(body);
}

std::vector<route> login_routes() {
  return {
      {"POST", "/login/pubkey/authenticate", false,
       [](call& request) { return authenticate(request, "sessionToken", &sessions::log_in); }},
      {"POST", "/relay/pubkey/authenticate", false,
       [](call& request) {
         return authenticate(request, "keyManagerToken", &sessions::log_in_to_key_manager);
       }},
      {"POST", "/login/pubkey/app/authenticate", false,
       [](call& request) { return authenticate(request, "sessionToken", &sessions::log_in_app); }},
      {"POST", "/login/pubkey/app/user/{userId}/authenticate", false,
       [](call& request) {
         return authenticate_user(request, request.state.users.find(read_id(request.path.front())));
       }},
      {"POST", "/login/pubkey/app/username/{username}/authenticate", false,
       [](call& request) { return authenticate_user(request, user_named_in(request)); }},
  };
}

} // namespace tutti::emulator
