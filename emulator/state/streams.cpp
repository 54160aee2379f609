// IMs and rooms as streams.
#include <emulator/state/pod.hpp>

#include <algorithm>

namespace tutti::emulator {

std::vector<pod::any_stream> pod::streams_of(uid who) const {
  std::vector<any_stream> found;
  for (const auto& [members, each] : conversations_)
    if (members.contains(who))
      found.push_back({&each, nullptr});
  for (const auto& [id, each] : rooms_)
    if (each.members.contains(who))
      found.push_back({nullptr, &each});
  std::stable_sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
    return one.created_at() < other.created_at();
  });
  return found;
}

answer<pod::any_stream> pod::stream_of(const user& caller, const std::string& id) const {
  any_stream found;
  found.place = find_room(id);
  for (const auto& [members, each] : conversations_)
    if (each.id == id)
      found.talk = &each;
  if (!found.place && !found.talk)
    return refusal{400, "Either the stream you're trying to access does not exist, or you are not "
                        "a member of it"};
  if (!found.has(caller.id) && !may_provision(caller))
    return refusal{403, "The user lacks the required entitlement to perform this operation"};
  return found;
}

bool pod::is_active(const any_stream& one) const {
  if (one.place)
    return one.place->active;
  return std::all_of(one.talk->members.begin(), one.talk->members.end(),
                     [this](uid id) { return users_.at(id).active; });
}

bool pod::is_cross_pod(const any_stream& one) const {
  if (one.place)
    return one.place->has("crossPod");
  auto home = users_.at(one.creator()).company;
  return std::any_of(one.talk->members.begin(), one.talk->members.end(),
                     [&](uid id) { return users_.at(id).company != home; });
}

} // namespace tutti::emulator
