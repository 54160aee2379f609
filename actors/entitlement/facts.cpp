// The decisions of the entitlement actor.
#include <actors/entitlement/facts.hpp>

#include <actors/requests/batch.hpp>
#include <wire/endpoints.hpp>

namespace tutti {

namespace {

constexpr auto administrator = "an administrator enables it in the Admin Portal (\"Can chat in "
                               "external IM/MIMs\")";

entitlement_checked unknown(std::string detail) {
  return {verdict::unknown, {errc::not_entitled, std::move(detail), 0, {}}};
}

entitlement_checked denied(errc error, std::string detail) {
  return {verdict::denied, {error, std::move(detail), 0, {}}};
}

std::string way_out(connection_status status) {
  switch (status) {
  case connection_status::none:
    return "send them a connection request and wait until it is accepted";
  case connection_status::pending_outgoing:
    return "a connection request is waiting for their answer";
  case connection_status::pending_incoming:
    return "accept their connection request";
  case connection_status::rejected:
    return "the connection request was rejected; they have to agree first";
  case connection_status::accepted:
    return "the connection has just been accepted; try again";
  }
  return {};
}

} // namespace

participant_set entitlement_facts::external() const {
  return missing(users, *internal);
}

participant_set entitlement_facts::unconnected() const {
  return missing(external(), *connected);
}

look_up look_further(const entitlement_facts& known) {
  if (!known.unreadable.empty())
    return look_up::nothing;
  if (!known.connected)
    return look_up::connections;
  if (!known.internal)
    return look_up::own_pod;
  if (auto apart = known.unconnected(); !apart.empty()) {
    if (!known.visible)
      return look_up::everywhere;
    // Who is external does not show to a caller without the entitlement.
    if (!missing(apart, *known.visible).empty())
      return known.external_im == entitlement_facts::feature::not_asked ? look_up::features
                                                                        : look_up::nothing;
    return known.status ? look_up::nothing : look_up::connection;
  }
  if ((known.refused || !known.external().empty()) &&
      known.external_im == entitlement_facts::feature::not_asked)
    return look_up::features;
  return look_up::nothing;
}

entitlement_checked judge(const entitlement_facts& known) {
  const auto feature = std::string{wire::external_im_feature};
  if (!known.unreadable.empty())
    return unknown(known.unreadable);
  if (auto apart = known.unconnected(); !apart.empty()) {
    if (auto nowhere = missing(apart, *known.visible); !nowhere.empty()) {
      if (known.external_im == entitlement_facts::feature::off)
        return denied(errc::not_entitled,
                      "user " + to_string(nowhere) +
                          " is not of the caller's pod, and users of other pods are closed to a "
                          "caller without the entitlement " +
                          feature + "; " + administrator);
      return denied(errc::unknown_user, "no user with id " + to_string(nowhere) +
                                            " is visible to this caller; check the id");
    }
    auto verdict =
        denied(errc::not_connected,
               "external user " + to_string(apart) + " is not connected with the caller (" +
                   std::string{to_string(*known.status)} + "): " + way_out(*known.status));
    verdict.unconnected = std::move(apart);
    return verdict;
  }
  switch (known.external_im) {
  case entitlement_facts::feature::off:
    if (known.external().empty())
      return {verdict::allowed, {}};
    return denied(errc::not_entitled, "the caller lacks the entitlement " + feature +
                                          ", which an IM with external user " +
                                          to_string(known.external()) + " needs; " + administrator);
  case entitlement_facts::feature::not_readable:
    return unknown("the caller's features may not be read (that needs the role User Provisioning)");
  case entitlement_facts::feature::on:
  case entitlement_facts::feature::not_asked:
    return {verdict::allowed, {}};
  }
  return unknown("no look-up was made");
}

} // namespace tutti
