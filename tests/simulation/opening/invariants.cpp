// The invariants of invariants.hpp.
#include <tests/simulation/opening/invariants.hpp>

#include <algorithm>
#include <set>

namespace tutti::simulation {

namespace {

using namespace std::chrono_literals;

std::string objection_to_opened(const request& one, const circumstances& when) {
  std::set<emulator::uid> members;
  for (auto each : one.asked.participants)
    members.insert(each.value());
  if (one.asked.form == im_form::inclusive)
    members.insert(one.asked.as.is_bot() ? when.bot.value() : one.asked.as.user().value());
  const auto* there = when.pod.conversations.of(members);
  return there && there->id == one.opened->stream.text()
             ? ""
             : "gets an IM that is not of its participants";
}

/// Nothing goes wrong in this world: a request that may have the IM gets it, any other gets the
/// reason.
std::string objection_in_calm(const request& one, const circumstances& when) {
  const auto& why = *one.refused;
  auto patience = one.asked.timeout.count() == 0 ? when.settings.im.timeout : one.asked.timeout;
  if (why.error == errc::deadline_exceeded && patience < 3s)
    return {};
  auto unknown_app = !when.many && !one.asked.as.is_bot() && why.error == errc::unauthorized;
  auto nobody = std::any_of(one.asked.participants.begin(), one.asked.participants.end(),
                            [](user_id each) { return each.value() == 999; });
  auto may_be = {errc::invalid_participants, errc::multi_party_unsupported, errc::unknown_user,
                 errc::not_entitled, errc::not_connected};
  if (std::find(may_be.begin(), may_be.end(), why.error) == may_be.end() && !unknown_app &&
      !(nobody && why.error == errc::rejected))
    return "is refused although all goes well: " + to_string(why);
  auto own = one.asked.as.is_bot() ? when.bot : one.asked.as.user();
  auto colleague = one.asked.participants.size() == 1 && one.asked.participants[0] != own &&
                   (one.asked.participants[0].value() >> 36) == 1;
  if (one.asked.form == im_form::inclusive && colleague && !unknown_app)
    return "is refused a colleague: " + to_string(why);
  return {};
}

std::string objection_to_refused(const request& one, const circumstances& when) {
  const auto& why = *one.refused;
  if (why.error == errc::cancelled && !one.taken_back && !one.dead)
    return "is cancelled although nobody asked for it";
  if ((why.error == errc::internal || why.error == errc::shutting_down) && !when.crashed &&
      !when.stopping)
    return "is told of an end that is none: " + to_string(why);
  auto own = why.detail.find("was not open within") != why.detail.npos;
  if (why.error == errc::deadline_exceeded && own && when.now < one.due)
    return "is told too early that its time is over";
  if (when.calm && !one.taken_back && !one.dead && !when.stopping)
    return objection_in_calm(one, when);
  return {};
}

} // namespace

std::string objection_to(const request& one, const circumstances& when) {
  if (one.answers > 1)
    return "is answered twice";
  return one.opened ? objection_to_opened(one, when) : objection_to_refused(one, when);
}

} // namespace tutti::simulation
