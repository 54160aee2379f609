#include <emulator/state/login/apps.hpp>

#include <emulator/crypto/jwt.hpp>
#include <emulator/state/login/login_proof.hpp>

namespace tutti::emulator {

void apps::add(app which) {
  auto id = which.id;
  apps_[id] = std::move(which);
}

void apps::set_public_key(const std::string& id, std::string pem) {
  apps_.at(id).public_key = std::move(pem);
}

const app* apps::find(const std::string& id) const {
  auto found = apps_.find(id);
  return found == apps_.end() ? nullptr : &found->second;
}

answer<const app*> apps::of_jwt(const std::string& jwt, time_point now) const {
  auto claims = read_jwt(jwt);
  if (!claims)
    return not_a_login_jwt;
  const auto* found = find(claims->subject);
  if (!found || found->public_key.empty())
    return refusal{401, "Unknown app or no public key registered"};
  if (auto why = objection_to_login(jwt, claims->expires, found->public_key, now))
    return *why;
  return found;
}

} // namespace tutti::emulator
