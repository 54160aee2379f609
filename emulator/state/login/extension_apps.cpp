#include <emulator/state/login/extension_apps.hpp>

#include <emulator/crypto/jwt.hpp>
#include <emulator/state/login/login_proof.hpp>
#include <emulator/text.hpp>

#include <boost/json.hpp>

namespace tutti::emulator {

answer<app_tokens> extension_apps::trust(const std::string& jwt, const std::string& app_token,
                                         time_point now) {
  auto found = apps_.of_jwt(jwt, now);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  return tokens_of(*std::get<const app*>(found), app_token, now);
}

answer<app_tokens> extension_apps::trust_by_certificate(const std::string& app_id,
                                                        const std::string& app_token,
                                                        time_point now) {
  if (app_id.empty())
    return no_certificate;
  const auto* found = apps_.find(app_id);
  if (!found)
    return strange_certificate;
  return tokens_of(*found, app_token, now);
}

answer<app_tokens> extension_apps::tokens_of(const app& which, const std::string& app_token,
                                             time_point now) {
  if (app_token.empty())
    return refusal{400, "appToken is missing"};
  if (!which.enabled)
    return refusal{403, "The app is not enabled"};
  return app_tokens{which.id, app_token, mint_.token(), now + options_.session_lifetime};
}

std::string extension_apps::jwt_for(const std::string& app_id, const user& whom, time_point now) {
  auto expires = millis(now + options_.common_jwt_lifetime) / 1'000;
  boost::json::object shown{{"id", whom.id}, {"username", whom.username}};
  if (!whom.email.empty())
    shown["emailAddress"] = whom.email;
  shown["displayName"] = whom.display_name;
  shown["company"] = users_.company_name(whom.company);
  shown["companyId"] = std::to_string(whom.company);
  const boost::json::object claims{{"aud", app_id},
                                   {"iss", "Symphony Communication Services LLC."},
                                   {"sub", std::to_string(whom.id)},
                                   {"exp", expires},
                                   {"user", std::move(shown)}};
  return make_jwt(boost::json::serialize(claims), own_key_.pair().private_pem);
}

} // namespace tutti::emulator
