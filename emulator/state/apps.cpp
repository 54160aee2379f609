// Apps and the sessions they get on behalf of users.
#include <emulator/state/pod.hpp>

#include <emulator/crypto/jwt.hpp>

namespace tutti::emulator {

void pod::add(app which) {
  auto id = which.id;
  apps_[id] = std::move(which);
}

void pod::set_app_key(const std::string& id, std::string pem) {
  apps_.at(id).public_key = std::move(pem);
}

answer<const app*> pod::app_of(const std::string& jwt, time_point now) const {
  auto claims = read_jwt(jwt);
  if (!claims)
    return refusal{401, "The token is not a JWT signed with RS512"};
  auto found = apps_.find(claims->subject);
  if (found == apps_.end() || found->second.public_key.empty())
    return refusal{401, "Unknown app or no public key registered"};
  if (auto why = objection(jwt, claims->expires, found->second.public_key, now))
    return *why;
  return &found->second;
}

answer<std::string> pod::log_in_app(const std::string& jwt, time_point now) {
  auto found = app_of(jwt, now);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  auto token = mint_token();
  sessions_[token] = {0, now + options_.session_lifetime, std::get<const app*>(found)->id};
  return token;
}

answer<std::string> pod::log_in_user(std::string_view app_session, const user* whom,
                                     time_point now) {
  auto owner = app_of_session(app_session, now);
  if (owner.empty())
    return refusal{401, "Invalid session"};
  const auto& acting = apps_.at(owner);
  // Which status and words the pod has for each is not documented. Every RSA login that fails is a
  // 401, so 401 for an unknown user; 403 for what an administrator has to allow.
  if (!acting.enabled)
    return refusal{403, "The app is not enabled"};
  if (!acting.permissions.contains("ACT_AS_USER"))
    return refusal{403, "The app lacks the permission ACT_AS_USER"};
  if (!whom || !whom->active || whom->company != acting.company)
    return refusal{401, "The user does not exist or is not active"};
  if (acting.installed && !acting.installed->contains(whom->id))
    return refusal{403, "The app is not installed for this user"};
  auto token = mint_token();
  sessions_[token] = {whom->id, now + options_.session_lifetime, acting.id};
  return token;
}

const app* pod::app_behind(std::string_view token) const {
  auto found = sessions_.find(token);
  if (found == sessions_.end() || found->second.app.empty())
    return nullptr;
  return &apps_.at(found->second.app);
}

} // namespace tutti::emulator
