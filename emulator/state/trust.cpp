// What the pod signs itself, and whom it knows by certificate.
#include <emulator/state/pod.hpp>

#include <emulator/crypto/certificate.hpp>
#include <emulator/text.hpp>

namespace tutti::emulator {

namespace {

std::int64_t seconds(time_point t) {
  return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

const refusal no_certificate{400, "A client certificate is required"};
const refusal strange_certificate{403, "The certificate belongs to no account"};

} // namespace

const key_pair& pod::own_key() {
  if (!own_key_) // Not before it is needed: making one takes a tenth of a second.
    own_key_ = make_key_pair();
  return *own_key_;
}

std::string pod::own_certificate() {
  if (own_certificate_.empty())
    own_certificate_ = self_signed(own_key().private_pem, "tutti-pod");
  return own_certificate_;
}

// -- certificates ---------------------------------------------------------------

answer<std::string> pod::log_in_by_certificate(const std::string& name, time_point now) {
  if (name.empty())
    return no_certificate;
  for (const auto& [id, each] : users_)
    if (each.username == name && each.service_account && each.active)
      return open_session(id, now);
  return strange_certificate;
}

answer<std::string> pod::log_in_app_by_certificate(const std::string& name, time_point now) {
  if (name.empty())
    return no_certificate;
  if (!apps_.contains(name))
    return strange_certificate;
  auto token = mint_token();
  sessions_[token] = {0, now + options_.session_lifetime, name};
  return token;
}

std::string pod::app_of_session(std::string_view token, time_point now) const {
  auto found = sessions_.find(token);
  if (found == sessions_.end() || found->second.expires <= now || found->second.owner != 0)
    return {};
  return found->second.app;
}

bool pod::log_out(std::string_view token) {
  auto found = sessions_.find(token);
  if (found == sessions_.end())
    return false;
  sessions_.erase(found);
  return true;
}

// -- common JWT -----------------------------------------------------------------

std::string pod::common_jwt(std::string_view token, time_point now) {
  auto found = sessions_.find(token);
  if (found == sessions_.end() || found->second.expires <= now || found->second.owner == 0)
    return {};
  auto expires = now + options_.common_jwt_lifetime;
  const auto& who = users_.at(found->second.owner);
  // The Java kit decodes it as standard Base64: no '-' and no '_' may stand in the claims.
  for (int attempt = 0;; ++attempt) {
    auto claims = "{\"sub\":" + json_string(who.username) +
                  ",\"exp\":" + std::to_string(seconds(expires)) +
                  ",\"userId\":" + std::to_string(who.id) + ",\"jti\":\"" +
                  std::to_string(random_() % 1'000'000 + 1'000'000) + "\"}";
    if (base64_url(claims).find_first_of("-_") != std::string::npos && attempt < 100)
      continue;
    auto jwt = make_jwt(claims, own_key().private_pem);
    jwts_[jwt] = {who.id, std::min(expires, found->second.expires), found->second.app};
    return jwt;
  }
}

const user* pod::user_of_jwt(std::string_view jwt, time_point now) const {
  if (jwt.starts_with("Bearer "))
    jwt.remove_prefix(7);
  auto found = jwts_.find(jwt);
  if (found == jwts_.end() || found->second.expires <= now)
    return nullptr;
  return &users_.at(found->second.owner);
}

// -- extension apps ---------------------------------------------------------------

answer<pod::app_tokens> pod::trust_app(const std::string& jwt, const std::string& app_token,
                                       time_point now) {
  auto found = app_of(jwt, now);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  return trust_app_of(std::get<const app*>(found)->id, app_token, now);
}

answer<pod::app_tokens> pod::trust_app_of(const std::string& app_id, const std::string& app_token,
                                          time_point now) {
  if (app_id.empty())
    return no_certificate;
  auto found = apps_.find(app_id);
  if (found == apps_.end())
    return strange_certificate;
  if (app_token.empty())
    return refusal{400, "appToken is missing"};
  if (!found->second.enabled)
    return refusal{403, "The app is not enabled"};
  return app_tokens{app_id, app_token, mint_token(), now + options_.session_lifetime};
}

std::string pod::app_jwt(const std::string& app_id, const user& whom, time_point now) {
  auto claims = "{\"aud\":" + json_string(app_id) +
                ",\"iss\":\"Symphony Communication Services LLC.\"" + ",\"sub\":\"" +
                std::to_string(whom.id) +
                "\",\"exp\":" + std::to_string(seconds(now + options_.common_jwt_lifetime)) +
                ",\"user\":{\"id\":" + std::to_string(whom.id) +
                ",\"username\":" + json_string(whom.username) +
                (whom.email.empty() ? "" : ",\"emailAddress\":" + json_string(whom.email)) +
                ",\"displayName\":" + json_string(whom.display_name) +
                ",\"company\":" + json_string(company_name(whom.company)) + ",\"companyId\":\"" +
                std::to_string(whom.company) + "\"}}";
  return make_jwt(claims, own_key().private_pem);
}

} // namespace tutti::emulator
