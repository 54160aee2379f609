// Decides about logins: who needs one, who waits, and which refusal is still the answer.
#include <actors/auth/logins.hpp>

namespace tutti {

namespace {

/// The host has answered, and would answer the same again.
bool is_refusal(const identity& as, const failure& why) {
  const auto of_user = !as.is_bot() && !as.is_app() &&
                       (why.error == errc::unauthorized || why.error == errc::unknown_user);
  return why.error == errc::login_refused || why.code == "obo" || of_user;
}

} // namespace

logins::next logins::on_demand(const identity& as, const session& rejected, bool keys,
                               time_point now) {
  // A 401 for an old session that comes late: the newer session serves.
  const auto* known = sessions_.find(as, now);
  const auto good = known && *known != rejected;
  if (good && (!keys || !known->keys().empty()))
    return {action::lease, *known};
  if (const auto* why = refused_.find(as, now))
    return {action::refuse, {}, *why};
  if (!under_way_.insert(as).second)
    return {action::wait};
  if (good)
    return {action::get_keys, *known};
  sessions_.erase(as);
  return {action::log_in};
}

const session* logins::renew(const identity& as, time_point now) {
  const auto* known = sessions_.find(as, now);
  return known && under_way_.insert(as).second ? known : nullptr;
}

void logins::succeeded(const identity& as, const session& given, time_point now) {
  under_way_.erase(as);
  refused_.erase(as);
  sessions_.put(as, given, now + session_lifetime);
}

void logins::failed(const identity& as, const failure& why, time_point now) {
  under_way_.erase(as);
  if (is_refusal(as, why))
    refused_.put(as, why, now + refusal_lifetime);
}

} // namespace tutti
