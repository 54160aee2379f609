#include <emulator/state/streams/rooms.hpp>

#include <emulator/text.hpp>

#include <algorithm>
#include <cctype>

namespace tutti::emulator {

namespace {

const refusal no_room{400, "Either the stream you're trying to access does not exist, or it is no "
                           "room, or you are not a member of it"};

/// Names are one when they differ in case and spaces only.
std::string folded(const std::string& text) {
  std::string made;
  for (unsigned char c : text)
    if (!std::isspace(c))
      made += static_cast<char>(std::tolower(c));
  return made;
}

bool denied(const room& wanted, const std::string& flag) {
  auto found = wanted.flags.find(flag);
  return found != wanted.flags.end() && !found->second;
}

} // namespace

room* rooms::changeable(const std::string& id) {
  auto found = rooms_.find(url_safe_base64(id));
  return found == rooms_.end() ? nullptr : &found->second;
}

const room* rooms::find(const std::string& id) const {
  auto found = rooms_.find(url_safe_base64(id));
  return found == rooms_.end() ? nullptr : &found->second;
}

std::optional<refusal> rooms::objection_to(const room& wanted, const user& caller) const {
  if (wanted.name.empty())
    return refusal{400, "The room needs a name"};
  if (characters_in(wanted.name) >= 50)
    return refusal{400, "The room's name has 50 characters or more"};
  for (const auto& [id, each] : rooms_)
    if (folded(each.name) == folded(wanted.name) && id != wanted.id)
      return refusal{400, "A room of this name exists already"};
  if (wanted.has("public") && (denied(wanted, "viewHistory") || denied(wanted, "discoverable") ||
                               denied(wanted, "membersCanInvite")))
    return refusal{400, "A public room is discoverable, shows its history and lets members invite"};
  if (wanted.has("crossPod") &&
      (wanted.has("readOnly") || wanted.has("public") || wanted.has("discoverable")))
    return refusal{400, "A cross-pod room is neither read-only nor public nor discoverable"};
  if (wanted.has("public") && !caller.has("canCreatePublicRoom"))
    return lacks_entitlement;
  if (wanted.has("crossPod") && !caller.has("isExternalRoomEnabled"))
    return lacks_entitlement;
  if (wanted.has("multiLateralRoom") && !caller.has("canCreateMultiLateralRoom"))
    return lacks_entitlement;
  return std::nullopt;
}

answer<const room*> rooms::create(const user& caller, room wanted, time_point now) {
  if (auto why = objection_to(wanted, caller))
    return *why;
  wanted.id = mint_.stream_id(now);
  wanted.creator = caller.id;
  wanted.created_at = millis(now);
  wanted.members = {{caller.id, {true, millis(now)}}};
  auto id = wanted.id;
  return &(rooms_[id] = std::move(wanted));
}

answer<const room*> rooms::update(const user& caller, const std::string& id, const room& wanted) {
  auto found = room_to_change(caller, id, false);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  auto& kept = *std::get<room*>(found);
  auto changed = kept;
  if (!wanted.name.empty())
    changed.name = wanted.name;
  if (!wanted.description.empty())
    changed.description = wanted.description;
  if (!wanted.keywords.empty())
    changed.keywords = wanted.keywords;
  for (const auto& [flag, on] : wanted.flags)
    changed.flags[flag] = on;
  if (auto why = objection_to(changed, caller))
    return *why;
  kept = std::move(changed);
  return &kept;
}

answer<const room*> rooms::set_active(const user& caller, const std::string& id, bool active) {
  auto* found = changeable(id);
  if (!found)
    return no_room;
  auto member = found->members.find(caller.id);
  if (!caller.may_provision() && (member == found->members.end() || !member->second.owner))
    return lacks_entitlement;
  found->active = active;
  return found;
}

answer<const room*> rooms::seen_by(const user& caller, const std::string& id) const {
  const auto* found = find(id);
  if (!found || (!found->members.contains(caller.id) && !caller.may_provision()))
    return no_room;
  return found;
}

answer<room*> rooms::room_to_change(const user& caller, const std::string& id, bool members_may) {
  auto* found = changeable(id);
  if (!found)
    return no_room;
  auto member = found->members.find(caller.id);
  auto inside = member != found->members.end();
  if (!caller.may_provision() && !(inside && (member->second.owner || members_may)))
    return inside ? lacks_entitlement : no_room;
  if (!found->active)
    return refusal{400, "The room is not active"};
  return found;
}

answer<bool> rooms::add_member(const user& caller, const std::string& id, uid whom,
                               time_point now) {
  const auto* seen = find(id);
  auto joins = seen && whom == caller.id && seen->has("public") && seen->active;
  auto found = joins ? answer<room*>{changeable(id)}
                     : room_to_change(caller, id, seen && seen->has("membersCanInvite"));
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  auto& into = *std::get<room*>(found);
  const auto* who = users_.find(whom);
  if (!who || !who->active)
    return refusal{400, "User " + std::to_string(whom) + " does not exist or is not active"};
  auto home = users_.at(into.creator).company;
  if (who->company != home) {
    // By analogy with IMs; the documents name the entitlement only.
    if (!into.has("crossPod"))
      return refusal{403, "The room is not open to users of other pods"};
    if (!users_.linked(home, who->company) || !who->has("isExternalRoomEnabled"))
      return lacks_entitlement;
    if (!connections_.connected(caller, *who))
      return refusal{403, "The users are not connected"};
  }
  into.members.try_emplace(whom, room::member{false, millis(now)});
  return true;
}

answer<bool> rooms::remove_member(const user& caller, const std::string& id, uid whom) {
  auto* seen = changeable(id);
  auto leaves = seen && whom == caller.id && seen->members.contains(whom);
  auto found = leaves ? answer<room*>{seen} : room_to_change(caller, id, false);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  auto& from = *std::get<room*>(found);
  if (from.members.erase(whom) == 0)
    return refusal{400, "User " + std::to_string(whom) + " is not a member"};
  auto owned = std::any_of(from.members.begin(), from.members.end(),
                           [](const auto& each) { return each.second.owner; });
  if (!owned) // The oldest end user takes over.
    for (auto& [each, member] : from.members)
      if (!users_.at(each).service_account) {
        member.owner = true;
        break;
      }
  return true;
}

answer<bool> rooms::set_owner(const user& caller, const std::string& id, uid whom, bool owner) {
  auto found = room_to_change(caller, id, false);
  if (const auto* why = std::get_if<refusal>(&found))
    return *why;
  auto member = std::get<room*>(found)->members.find(whom);
  if (member == std::get<room*>(found)->members.end())
    return refusal{400, "User " + std::to_string(whom) + " is not a member"};
  member->second.owner = owner;
  return true;
}

std::vector<const room*> rooms::search(const user& caller, const room_search& wanted) const {
  std::vector<const room*> found;
  auto text = folded(wanted.text);
  auto holds = [&](const std::string& where) { return folded(where).find(text) != text.npos; };
  auto is_member = [](const room& one, std::optional<uid> who) {
    return !who || one.members.contains(*who);
  };
  for (const auto& [id, each] : rooms_) {
    auto own = users_.at(each.creator).company == caller.company;
    auto visible = each.members.contains(caller.id) ||
                   (own && (each.has("public") || each.has("discoverable")));
    auto matches = holds(each.name) || holds(each.description) ||
                   std::any_of(each.keywords.begin(), each.keywords.end(), [&](const auto& word) {
                     return holds(word.first) || holds(word.second);
                   });
    auto owner = !wanted.owner ||
                 (each.members.contains(*wanted.owner) && each.members.at(*wanted.owner).owner);
    if (visible && matches && owner && is_member(each, wanted.member) &&
        (!wanted.creator || each.creator == *wanted.creator) &&
        (!wanted.active || each.active == *wanted.active))
      found.push_back(&each);
  }
  return found;
}

} // namespace tutti::emulator
