#include <emulator/state/people/users.hpp>

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

void users::add(company which) {
  companies_[which.id] = std::move(which);
}

uid users::add(user who) {
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

void users::set_public_key(uid who, std::string pem) {
  users_.at(who).public_key = std::move(pem);
}

const user* users::find(uid id) const {
  auto found = users_.find(id);
  return found == users_.end() ? nullptr : &found->second;
}

const user* users::find(std::string_view name_or_email, std::optional<std::int64_t> company) const {
  for (const auto& [id, each] : users_)
    if ((each.username == name_or_email || each.email == name_or_email) &&
        (!company || each.company == *company))
      return &each;
  return nullptr;
}

std::string users::company_name(std::int64_t id) const {
  auto found = companies_.find(id);
  return found == companies_.end() ? "" : found->second.name;
}

bool users::linked(std::int64_t from, std::int64_t to) const {
  auto home = companies_.find(from);
  return home != companies_.end() && home->second.linked.contains(to);
}

bool users::external_visible(const user& caller, const user& other) const {
  return linked(caller.company, other.company) &&
         (caller.has("isExternalIMEnabled") || caller.has("isExternalRoomEnabled")) &&
         (other.has("isExternalIMEnabled") || other.has("isExternalRoomEnabled"));
}

std::vector<const user*> users::visible(const user& caller, const std::vector<uid>& ids,
                                        bool local) const {
  std::vector<const user*> found;
  for (auto id : std::set<uid>{ids.begin(), ids.end()}) {
    const auto* one = find(id);
    if (!one)
      continue;
    auto internal = one->company == caller.company;
    if (internal || (!local && external_visible(caller, *one)))
      found.push_back(one);
  }
  return found;
}

std::vector<const user*> users::visible_by(const user& caller,
                                           const std::vector<std::string>& names, bool email,
                                           bool local) const {
  std::vector<uid> ids;
  for (const auto& [id, each] : users_)
    if (std::any_of(names.begin(), names.end(), [&](const std::string& name) {
          return email ? same_address(each.email, name) : each.username == name;
        }))
      ids.push_back(id);
  return visible(caller, ids, local);
}

answer<const user*> users::features_of(const user& caller, uid whom) const {
  if (!caller.may_provision())
    return lacks_entitlement;
  const auto* found = find(whom);
  if (!found || found->company != caller.company)
    return refusal{400, "User " + std::to_string(whom) + " does not exist"};
  return found;
}

answer<bool> users::update_features(const user& caller, uid whom,
                                    const std::map<std::string, bool>& to) {
  auto found = features_of(caller, whom);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  for (const auto& [name, enabled] : to)
    users_.at(whom).features[name] = enabled;
  return true;
}

} // namespace tutti::emulator
