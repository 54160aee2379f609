// Users, sessions and Create IM.
#include <emulator/state/pod.hpp>

#include <emulator/crypto/jwt.hpp>
#include <emulator/text.hpp>

#include <algorithm>
#include <cctype>

namespace tutti::emulator {

namespace {

bool same_address(const std::string& one, const std::string& other) {
  return std::equal(
      one.begin(), one.end(), other.begin(), other.end(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

} // namespace

std::int64_t millis(time_point t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

pod::pod(pod_options options, std::uint64_t seed) : options_(options), random_(seed) {}

void pod::add(company which) {
  companies_[which.id] = std::move(which);
}

uid pod::add(user who) {
  // As in the ids of the specification's examples: the pod's number above 36 bits of counter.
  if (who.id == 0)
    who.id = (who.company << 36) + ++counters_[who.company];
  // A pod lists what a user may not, too.
  for (const auto* feature : {"isExternalIMEnabled", "isExternalRoomEnabled"})
    who.features.try_emplace(feature, false);
  auto id = who.id;
  users_[id] = std::move(who);
  return id;
}

void pod::set_public_key(uid who, std::string pem) {
  users_.at(who).public_key = std::move(pem);
}

const user* pod::find_user(std::string_view name_or_email,
                           std::optional<std::int64_t> company) const {
  for (const auto& [id, each] : users_)
    if ((each.username == name_or_email || each.email == name_or_email) &&
        (!company || each.company == *company))
      return &each;
  return nullptr;
}

const user* pod::user_for_app(std::string_view app_session, std::string_view name,
                              time_point now) const {
  auto acting = apps_.find(app_of_session(app_session, now));
  return acting == apps_.end() ? nullptr : find_user(name, acting->second.company);
}

std::string pod::company_name(std::int64_t id) const {
  auto found = companies_.find(id);
  return found == companies_.end() ? "" : found->second.name;
}

bool pod::has(const user& who, const std::string& feature) {
  auto found = who.features.find(feature);
  return found != who.features.end() && found->second;
}

// -- sessions ---------------------------------------------------------------------

answer<uid> pod::owner_of(const std::string& jwt, time_point now) const {
  auto claims = read_jwt(jwt);
  if (!claims)
    return refusal{401, "The token is not a JWT signed with RS512"};
  const user* owner = nullptr;
  for (const auto& [id, each] : users_)
    if (each.username == claims->subject && each.active && (!owner || !each.public_key.empty()))
      owner = &each;
  if (!owner || owner->public_key.empty())
    return refusal{401, "Unknown user or no public key registered"};
  if (auto why = objection(jwt, claims->expires, owner->public_key, now))
    return *why;
  return owner->id;
}

std::optional<refusal> pod::objection(const std::string& jwt, std::int64_t expires,
                                      const std::string& public_key, time_point now) {
  if (!signed_by(jwt, public_key))
    return refusal{401, "The token's signature does not match the registered key"};
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (expires <= seconds)
    return refusal{401, "The token has expired"};
  if (expires > seconds + 300)
    return refusal{401, "The token expires more than 5 minutes ahead"};
  return std::nullopt;
}

answer<std::string> pod::log_in(const std::string& jwt, time_point now) {
  auto owner = owner_of(jwt, now);
  if (const auto* why = std::get_if<refusal>(&owner))
    return *why;
  return open_session(std::get<uid>(owner), now);
}

std::string pod::open_session(uid owner, time_point now) {
  auto token = mint_token();
  sessions_[token] = {owner, now + options_.session_lifetime, {}};
  return token;
}

answer<std::string> pod::log_in_to_key_manager(const std::string& jwt, time_point now) {
  auto owner = owner_of(jwt, now);
  if (const auto* why = std::get_if<refusal>(&owner))
    return *why;
  return mint_token();
}

const user* pod::session_of(std::string_view token, time_point now) const {
  auto found = sessions_.find(token);
  if (found == sessions_.end() || found->second.expires <= now || found->second.owner == 0)
    return nullptr;
  return &users_.at(found->second.owner);
}

std::string pod::mint_token() {
  // About as long as a real session token, which is a JWT; opaque all the same.
  std::string bytes(384, '\0');
  std::generate(bytes.begin(), bytes.end(), [this] { return static_cast<char>(random_()); });
  return base64_url(bytes);
}

// -- conversations ----------------------------------------------------------------

std::string pod::mint_id(time_point now) {
  // 16 opaque bytes, 8 of the inverted creation time, 't' for a stream.
  std::string bytes(16, '\0');
  std::generate(bytes.begin(), bytes.end(), [this] { return static_cast<char>(random_()); });
  auto inverted = static_cast<std::uint64_t>(INT64_MAX - millis(now));
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>(inverted >> shift);
  bytes += 't';
  return base64_url(bytes);
}

/// Why two users of different pods may have no IM, in the order in which a reader would check it.
std::optional<refusal> pod::obstacle(const user& one, const user& other) const {
  if (one.company == other.company)
    return std::nullopt;
  auto home = companies_.find(one.company);
  if (home == companies_.end() || !home->second.linked.contains(other.company))
    return lacks_entitlement;
  if (!has(one, "isExternalIMEnabled") ||
      (options_.callee_needs_external_im && !has(other, "isExternalIMEnabled")))
    return lacks_entitlement;
  if (!connected(one, other)) // Undocumented; R29 is next to R27, so the same status.
    return refusal{403, "The users are not connected"};
  return std::nullopt;
}

answer<std::string> pod::create_im(const user& caller, const std::vector<uid>& given,
                                   time_point now) {
  if (given.empty())
    return refusal{400, "At least one user ID must be provided"};
  auto members = std::set<uid>{given.begin(), given.end()};
  members.insert(caller.id);
  if (members.size() == 1) // Undocumented: it names a user, but no other participant.
    return refusal{400, "One other participant must be specified"};
  if (members.size() > 2 && options_.refuse_multi_party)
    return refusal{400, "Multi-party instant messages are not supported"};
  return open(caller, members, now);
}

answer<std::string> pod::create_im_without_caller(const user& caller, const std::vector<uid>& given,
                                                  time_point now) {
  if (!may_provision(caller))
    return lacks_entitlement;
  auto members = std::set<uid>{given.begin(), given.end()};
  if (members.size() < 2)
    return refusal{400, "At least two user IDs must be provided"};
  if (members.size() > 2 && options_.refuse_multi_party)
    return refusal{400, "Multi-party instant messages are not supported"};
  return open(caller, members, now);
}

answer<std::string> pod::open(const user& caller, const std::set<uid>& members, time_point now) {
  for (auto id : members) {
    auto found = users_.find(id);
    if (found == users_.end() || !found->second.active) // Undocumented: a client error.
      return refusal{400, "User " + std::to_string(id) + " does not exist or is not active"};
  }
  const auto& from = members.contains(caller.id) ? caller : users_.at(*members.begin());
  for (auto id : members)
    if (auto why = obstacle(from, users_.at(id)))
      return *why;
  auto [found, fresh] = conversations_.try_emplace(members);
  if (fresh)
    found->second = {mint_id(now), members, caller.id, millis(now)};
  return found->second.id;
}

const conversation* pod::conversation_of(const std::set<uid>& members) const {
  auto found = conversations_.find(members);
  return found == conversations_.end() ? nullptr : &found->second;
}

// -- users ------------------------------------------------------------------------

bool pod::external_visible(const user& caller, const user& other) const {
  auto home = companies_.find(caller.company);
  return home != companies_.end() && home->second.linked.contains(other.company) &&
         (has(caller, "isExternalIMEnabled") || has(caller, "isExternalRoomEnabled")) &&
         (has(other, "isExternalIMEnabled") || has(other, "isExternalRoomEnabled"));
}

std::vector<const user*> pod::visible(const user& caller, const std::vector<uid>& ids,
                                      bool local) const {
  std::vector<const user*> found;
  for (auto id : std::set<uid>{ids.begin(), ids.end()}) {
    auto one = users_.find(id);
    if (one == users_.end())
      continue;
    auto internal = one->second.company == caller.company;
    if (internal || (!local && external_visible(caller, one->second)))
      found.push_back(&one->second);
  }
  return found;
}

std::vector<const user*> pod::visible_by(const user& caller, const std::vector<std::string>& names,
                                         bool email, bool local) const {
  std::vector<uid> ids;
  for (const auto& [id, each] : users_)
    if (std::any_of(names.begin(), names.end(), [&](const std::string& name) {
          return email ? same_address(each.email, name) : each.username == name;
        }))
      ids.push_back(id);
  return visible(caller, ids, local);
}

answer<const user*> pod::features_of(const user& caller, uid whom) const {
  if (!may_provision(caller))
    return lacks_entitlement;
  auto found = users_.find(whom);
  if (found == users_.end() || found->second.company != caller.company)
    return refusal{400, "User " + std::to_string(whom) + " does not exist"};
  return &found->second;
}

answer<bool> pod::update_features(const user& caller, uid whom,
                                  const std::map<std::string, bool>& to) {
  auto found = features_of(caller, whom);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  for (const auto& [name, enabled] : to)
    users_.at(whom).features[name] = enabled;
  return true;
}

} // namespace tutti::emulator
