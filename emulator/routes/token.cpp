// Tokens the pod signs: common JWT, circle of trust of extension apps, and what checks them.
#include <emulator/routes/routes.hpp>

#include <emulator/text.hpp>

#include <simdjson.h>

namespace tutti::emulator {

namespace {

reply common_jwt(call& request) {
  auto jwt = request.state.sessions.common_jwt(request.session_token, request.now);
  if (jwt.empty())
    return error_reply(401, "Invalid session");
  return {200, "{\"token_type\":\"Bearer\",\"expires_in\":" +
                   std::to_string(request.state.options.common_jwt_lifetime.count()) +
                   ",\"access_token\":" + json_string(jwt) + "}"};
}

reply keys(call& request) {
  auto [modulus, exponent] = rsa_numbers(request.state.own_key.pair().public_pem);
  return {200, R"({"keys":[{"kty":"RSA","use":"sig","alg":"RS512","kid":"tutti-pod","n":")" +
                   modulus + R"(","e":")" + exponent + "\"}]}"};
}

reply certificate(call& request) {
  return {200, "{\"certificate\":" + json_string(request.state.own_key.certificate()) + "}"};
}

reply tokens_reply(const answer<app_tokens>& given) {
  if (const auto* why = std::get_if<refusal>(&given))
    return error_reply(*why);
  const auto& tokens = std::get<app_tokens>(given);
  auto expires =
      std::chrono::duration_cast<std::chrono::milliseconds>(tokens.expires.time_since_epoch());
  return {200, "{\"appId\":" + json_string(tokens.app_id) +
                   ",\"appToken\":" + json_string(tokens.app_token) +
                   ",\"symphonyToken\":" + json_string(tokens.symphony_token) +
                   ",\"expireAt\":" + std::to_string(expires.count()) + "}"};
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
