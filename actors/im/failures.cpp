// Says why an IM was not opened, for people.
#include <actors/im/failures.hpp>

#include <tutti/http_message.hpp>

#include <algorithm>

namespace tutti {

failure admin_refused(failure pod) {
  pod.detail += "; an IM without the caller may be created by service accounts with the role User "
                "Provisioning only";
  return pod;
}

failure explained(const failure& pod, const entitlement_checked& checked, bool on_behalf) {
  if (checked.outcome == verdict::denied) {
    auto why = checked.reason;
    why.status = pod.status;
    why.detail += " (" + pod.detail + ")";
    return why;
  }
  auto why = pod;
  if (checked.outcome == verdict::allowed)
    why.detail += "; users, connections and the caller's features name no cause: another "
                  "entitlement or an information barrier stands against it";
  else
    why.detail += "; the cause could not be confirmed: " + checked.reason.detail;
  if (on_behalf) {
    why.detail += "; the app needs the permission SEND_MESSAGES";
    why.code = "obo";
  }
  why.detail += "; ask an administrator of the pod";
  return why;
}

std::chrono::milliseconds look_up_time(std::chrono::milliseconds patience) {
  return std::min<std::chrono::milliseconds>(patience / 4, std::chrono::seconds{5});
}

bool is_advice_only(const failure& look_up) {
  switch (look_up.error) {
  case errc::protocol_error:
  case errc::rejected:
  case errc::deadline_exceeded:
    return true;
  case errc::unreachable:
    return look_up.status != 0 || look_up.code == "connection_lost";
  default:
    return false;
  }
}

failure too_late(const late_im& asked, const telemetry& life) {
  std::string what = "the IM";
  if (asked.users)
    what += " with " + to_string(*asked.users);
  what += " was not open within " + std::to_string(asked.patience.count()) + " ms";
  if (asked.connecting)
    return {errc::deadline_exceeded,
            what + "; a connection was asked for and has not been accepted yet", 0,
            "connection_pending"};
  // http's own deadline has the details; it is usually longer than an asker's.
  if (auto known = life.board.words(); !known.empty())
    what += known;
  else if (life.hosts[static_cast<std::size_t>(service::pod)].slowed.now() != 0)
    what += "; the pod has asked to slow down";
  else
    what += asked.users ? "; the pod has not answered (it may open all the same)"
                        : "; the bot has not logged in yet";
  return {errc::deadline_exceeded, std::move(what), 0, {}};
}

bool all_accepted(const users_connected& after) {
  return std::all_of(after.all.begin(), after.all.end(), [](const user_connection& each) {
    return each.status == connection_status::accepted;
  });
}

failure still_unconnected(failure before, const users_connected& after) {
  std::string states;
  for (const auto& each : after.all)
    states.append(states.empty() ? "" : ", ")
        .append(std::to_string(each.user.value()))
        .append(" ")
        .append(to_string(each.status));
  before.detail =
      "no connection with the external users yet: it is asked for, and stands: " + states;
  before.code = "connection_asked";
  return before;
}

} // namespace tutti
