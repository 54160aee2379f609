// Tokens the pod signs: common JWT, circle of trust of extension apps, and what checks them.
#include <emulator/routes/routes.hpp>

#include <boost/json.hpp>
#include <simdjson.h>

namespace tutti::emulator {

namespace {

reply common_jwt(call& request) {
  auto jwt = request.state.sessions.common_jwt(request.session_token, request.now);
  if (jwt.empty())
    return error_reply(401, "Invalid session");
  return json_reply({{"token_type", "Bearer"},
                     {"expires_in", request.state.options.common_jwt_lifetime.count()},
                     {"access_token", jwt}});
}

reply keys(call& request) {
  auto [modulus, exponent] = rsa_numbers(request.state.own_key.pair().public_pem);
  boost::json::object key{{"kty", "RSA"},       {"use", "sig"}, {"alg", "RS512"},
                          {"kid", "tutti-pod"}, {"n", modulus}, {"e", exponent}};
  return json_reply({{"keys", boost::json::array{std::move(key)}}});
}

reply certificate(call& request) {
  return json_reply({{"certificate", request.state.own_key.certificate()}});
}

reply tokens_reply(const answer<app_tokens>& given) {
  if (const auto* why = std::get_if<refusal>(&given))
    return error_reply(*why);
  const auto& tokens = std::get<app_tokens>(given);
  auto expires =
      std::chrono::duration_cast<std::chrono::milliseconds>(tokens.expires.time_since_epoch());
  return json_reply({{"appId", tokens.app_id},
                     {"appToken", tokens.app_token},
                     {"symphonyToken", tokens.symphony_token},
                     {"expireAt", expires.count()}});
}

/// A member of the body; empty for none.
std::string text_in(const std::string& body, const char* key) {
  try {
    simdjson::dom::parser parser;
    return std::string{std::string_view{parser.parse(body)[key]}};
  } catch (const simdjson::simdjson_error&) {
    return {};
  }
}

reply trust_app(call& request) {
  return tokens_reply(request.state.extension_apps.trust(
      text_in(request.body, "authToken"), text_in(request.body, "appToken"), request.now));
}

reply trust_app_by_certificate(call& request) {
  return tokens_reply(request.state.extension_apps.trust_by_certificate(
      request.certificate, text_in(request.body, "appToken"), request.now));
}

} // namespace

std::vector<route> token_routes() {
  return {
      {"POST", "/login/idm/tokens", false, common_jwt},
      {"GET", "/login/idm/keys", false, keys},
      {"GET", "/pod/v1/podcert", false, certificate},
      {"GET", "/sessionauth/v1/app/pod/certificate", false, certificate},
      {"POST", "/login/v1/pubkey/app/authenticate/extensionApp", false, trust_app},
      {"POST", "/sessionauth/v1/authenticate/extensionApp", false, trust_app_by_certificate},
  };
}

} // namespace tutti::emulator
