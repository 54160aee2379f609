#include <emulator/state/streams/streams.hpp>

#include <algorithm>

namespace tutti::emulator {

std::vector<any_stream> streams::of(uid who) const {
  std::vector<any_stream> found;
  for (const auto& [members, each] : conversations_.all())
    if (members.contains(who))
      found.push_back({&each, nullptr});
  for (const auto& [id, each] : rooms_.all())
    if (each.members.contains(who))
      found.push_back({nullptr, &each});
  std::stable_sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
    return one.created_at() < other.created_at();
  });
  return found;
}

answer<any_stream> streams::find(const std::string& id) const {
  any_stream found;
  found.place = rooms_.find(id);
  found.talk = conversations_.find(id);
  if (!found.place && !found.talk)
    return refusal{400, "Either the stream you're trying to access does not exist, or you are not "
                        "a member of it"};
  return found;
}

answer<any_stream> streams::seen_by(const user& caller, const std::string& id) const {
  auto found = find(id);
  const auto* one = std::get_if<any_stream>(&found);
  if (one && !one->has(caller.id) && !caller.may_provision())
    return lacks_entitlement;
  return found;
}

bool streams::is_active(const any_stream& one) const {
  if (one.place)
    return one.place->active;
  return std::all_of(one.talk->members.begin(), one.talk->members.end(),
                     [this](uid id) { return users_.at(id).active; });
}

bool streams::is_cross_pod(const any_stream& one) const {
  if (one.place)
    return one.place->has("crossPod");
  auto home = users_.at(one.creator()).company;
  return std::any_of(one.talk->members.begin(), one.talk->members.end(),
                     [&](uid id) { return users_.at(id).company != home; });
}

} // namespace tutti::emulator
