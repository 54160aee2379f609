#include <emulator/state/streams/conversations.hpp>

#include <emulator/text.hpp>

namespace tutti::emulator {

/// Why two users of different pods may have no IM, in the order in which a reader would check it.
std::optional<refusal> conversations::obstacle(const user& one, const user& other) const {
  if (one.company == other.company)
    return std::nullopt;
  if (!users_.linked(one.company, other.company))
    return lacks_entitlement;
  if (!one.has("isExternalIMEnabled") ||
      (options_.callee_needs_external_im && !other.has("isExternalIMEnabled")))
    return lacks_entitlement;
  if (!connections_.connected(one, other)) // Undocumented; R29 is next to R27, so the same status.
    return refusal{403, "The users are not connected"};
  return std::nullopt;
}

answer<std::string> conversations::create(const user& caller, const std::vector<uid>& given,
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

answer<std::string> conversations::create_without_caller(const user& caller,
                                                         const std::vector<uid>& given,
                                                         time_point now) {
  if (!caller.may_provision())
    return lacks_entitlement;
  auto members = std::set<uid>{given.begin(), given.end()};
  if (members.size() < 2)
    return refusal{400, "At least two user IDs must be provided"};
  if (members.size() > 2 && options_.refuse_multi_party)
    return refusal{400, "Multi-party instant messages are not supported"};
  return open(caller, members, now);
}

answer<std::string> conversations::open(const user& caller, const std::set<uid>& members,
                                        time_point now) {
  for (auto id : members) {
    const auto* found = users_.find(id);
    if (!found || !found->active) // Undocumented: a client error.
      return refusal{400, "User " + std::to_string(id) + " does not exist or is not active"};
  }
  const auto& from = members.contains(caller.id) ? caller : users_.at(*members.begin());
  for (auto id : members)
    if (auto why = obstacle(from, users_.at(id)))
      return *why;
  auto [found, fresh] = conversations_.try_emplace(members);
  if (fresh) {
    found->second = {mint_.stream_id(now), members, caller.id, millis(now)};
    by_id_[found->second.id] = &found->second;
  }
  return found->second.id;
}

const conversation* conversations::of(const std::set<uid>& members) const {
  auto found = conversations_.find(members);
  return found == conversations_.end() ? nullptr : &found->second;
}

const conversation* conversations::find(const std::string& id) const {
  auto found = by_id_.find(url_safe_base64(id));
  return found == by_id_.end() ? nullptr : found->second;
}

} // namespace tutti::emulator
