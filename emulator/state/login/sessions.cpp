#include <emulator/state/login/sessions.hpp>

#include <emulator/crypto/jwt.hpp>
#include <emulator/state/login/login_proof.hpp>
#include <emulator/text.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace tutti::emulator {

// -- logins -----------------------------------------------------------------------

answer<uid> sessions::owner_of(const std::string& jwt, time_point now) const {
  auto claims = read_jwt(jwt);
  if (!claims)
    return not_a_login_jwt;
  const user* owner = nullptr;
  for (const auto& [id, each] : users_.all())
    if (each.username == claims->subject && each.active && (!owner || !each.public_key.empty()))
      owner = &each;
  if (!owner || owner->public_key.empty())
    return refusal{401, "Unknown user or no public key registered"};
  if (auto why = objection_to_login(jwt, claims->expires, owner->public_key, now))
    return *why;
  return owner->id;
}

std::string sessions::begin(uid owner, std::string app, time_point now) {
  auto token = mint_.token();
  sessions_[token] = {owner, now + options_.session_lifetime, std::move(app)};
  return token;
}

std::string sessions::open(uid owner, time_point now) {
  return begin(owner, {}, now);
}

answer<std::string> sessions::log_in(const std::string& jwt, time_point now) {
  auto owner = owner_of(jwt, now);
  if (const auto* why = std::get_if<refusal>(&owner))
    return *why;
  return open(std::get<uid>(owner), now);
}

answer<std::string> sessions::log_in_to_key_manager(const std::string& jwt, time_point now) {
  auto owner = owner_of(jwt, now);
  if (const auto* why = std::get_if<refusal>(&owner))
    return *why;
  return hand_out_keys(std::get<uid>(owner), now);
}

std::string sessions::hand_out_keys(uid owner, time_point now) {
  auto token = mint_.token();
  key_manager_[token] = {owner, now + options_.session_lifetime, {}};
  return token;
}

answer<std::string> sessions::log_in_app(const std::string& jwt, time_point now) {
  auto found = apps_.of_jwt(jwt, now);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  return begin(0, std::get<const app*>(found)->id, now);
}

answer<std::string> sessions::log_in_user(std::string_view app_session, const user* whom,
                                          time_point now) {
  const auto* acting = apps_.find(app_of(app_session, now));
  if (!acting)
    return refusal{401, "Invalid session"};
  // Which status and words the pod has for each is not documented. Every RSA login that fails is a
  // 401, so 401 for an unknown user; 403 for what an administrator has to allow.
  if (!acting->enabled)
    return refusal{403, "The app is not enabled"};
  if (!acting->permissions.contains("ACT_AS_USER"))
    return refusal{403, "The app lacks the permission ACT_AS_USER"};
  if (!whom || !whom->active || whom->company != acting->company)
    return refusal{401, "The user does not exist or is not active"};
  if (acting->installed && !acting->installed->contains(whom->id))
    return refusal{403, "The app is not installed for this user"};
  return begin(whom->id, acting->id, now);
}

answer<uid> sessions::owner_by_certificate(const std::string& name) const {
  if (name.empty())
    return no_certificate;
  for (const auto& [id, each] : users_.all())
    if (each.username == name && each.service_account && each.active)
      return id;
  return strange_certificate;
}

answer<std::string> sessions::log_in_by_certificate(const std::string& name, time_point now) {
  auto owner = owner_by_certificate(name);
  if (const auto* why = std::get_if<refusal>(&owner))
    return *why;
  return open(std::get<uid>(owner), now);
}

answer<std::string> sessions::log_in_to_key_manager_by_certificate(const std::string& name,
                                                                   time_point now) {
  auto owner = owner_by_certificate(name);
  if (const auto* why = std::get_if<refusal>(&owner))
    return *why;
  return hand_out_keys(std::get<uid>(owner), now);
}

answer<std::string> sessions::log_in_app_by_certificate(const std::string& name, time_point now) {
  if (name.empty())
    return no_certificate;
  if (!apps_.find(name))
    return strange_certificate;
  return begin(0, name, now);
}

// -- sessions ---------------------------------------------------------------------

const sessions::session* sessions::find(std::string_view token, time_point now) const {
  auto found = sessions_.find(token);
  return found == sessions_.end() || found->second.expires <= now ? nullptr : &found->second;
}

const user* sessions::user_of(std::string_view token, time_point now) const {
  const auto* found = find(token, now);
  return found && found->owner != 0 ? &users_.at(found->owner) : nullptr;
}

std::string sessions::app_of(std::string_view token, time_point now) const {
  const auto* found = find(token, now);
  return found && found->owner == 0 ? found->app : "";
}

const app* sessions::app_behind(std::string_view token) const {
  auto found = sessions_.find(token);
  return found == sessions_.end() ? nullptr : apps_.find(found->second.app);
}

const user* sessions::user_for_app(std::string_view app_session, std::string_view name,
                                   time_point now) const {
  const auto* acting = apps_.find(app_of(app_session, now));
  return acting ? users_.find(name, acting->company) : nullptr;
}

bool sessions::has_keys(const user& who, std::string_view token, time_point now) const {
  auto found = key_manager_.find(token);
  return found != key_manager_.end() && found->second.expires > now &&
         found->second.owner == who.id;
}

bool sessions::log_out(std::string_view token) {
  auto found = sessions_.find(token);
  if (found == sessions_.end())
    return false;
  sessions_.erase(found);
  return true;
}

void sessions::expire_all() {
  sessions_.clear();
  jwts_.clear();
  key_manager_.clear();
}

// -- common JWTs ------------------------------------------------------------------

std::string sessions::common_jwt(std::string_view token, time_point now) {
  const auto* found = find(token, now);
  if (!found || found->owner == 0)
    return {};
  auto expires = now + options_.common_jwt_lifetime;
  const auto& who = users_.at(found->owner);
  // The Java kit decodes it as standard Base64: no '-' and no '_' may stand in the claims.
  for (int attempt = 0;; ++attempt) {
    const auto claims = boost::json::serialize(
        boost::json::object{{"sub", who.username},
                            {"exp", millis(expires) / 1'000},
                            {"userId", who.id},
                            {"jti", std::to_string(mint_.number() % 1'000'000 + 1'000'000)}});
    if (base64_url(claims).find_first_of("-_") != std::string::npos && attempt < 100)
      continue;
    auto jwt = make_jwt(claims, own_key_.pair().private_pem);
    jwts_[jwt] = {who.id, std::min(expires, found->expires), found->app};
    return jwt;
  }
}

const user* sessions::user_of_jwt(std::string_view jwt, time_point now) const {
  if (jwt.starts_with("Bearer "))
    jwt.remove_prefix(7);
  auto found = jwts_.find(jwt);
  if (found == jwts_.end() || found->second.expires <= now)
    return nullptr;
  return &users_.at(found->second.owner);
}

} // namespace tutti::emulator
