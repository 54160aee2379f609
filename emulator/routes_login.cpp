// /login and /relay: RSA login of bots at the pod and at the key manager.
#include <emulator/routes.hpp>

#include <emulator/text.hpp>

#include <simdjson.h>

namespace tutti::emulator {

namespace {

using log_in = answer<std::string> (pod::*)(const std::string&, time_point);

reply authenticate(call& request, std::string_view token_name, log_in act) {
  std::string jwt;
  try {
    simdjson::dom::parser parser;
    jwt = std::string_view{parser.parse(request.body)["token"]};
  } catch (const simdjson::simdjson_error&) {
    return error_reply(401, "The body holds no token");
  }
  auto token = (request.state.*act)(jwt, request.now);
  if (const auto* why = std::get_if<refusal>(&token))
    return error_reply(*why);
  return {200, "{\"name\":" + json_string(token_name) +
                   ",\"token\":" + json_string(std::get<std::string>(token)) + "}"};
}

} // namespace

std::vector<route> login_routes() {
  return {
      {"POST", "/login/pubkey/authenticate", false,
       [](call& request) { return authenticate(request, "sessionToken", &pod::log_in); }},
      {"POST", "/relay/pubkey/authenticate", false,
       [](call& request) {
         return authenticate(request, "keyManagerToken", &pod::log_in_to_key_manager);
       }},
  };
}

} // namespace tutti::emulator
