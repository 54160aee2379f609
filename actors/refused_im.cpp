// The words of refused_im.hpp.
#include <actors/refused_im.hpp>

namespace tutti {

failure admin_refused(failure pod) {
  pod.detail += "; an IM without the caller may be created by service accounts with the role User "
                "Provisioning only";
  return pod;
}

failure explained(const failure& pod, const entitlement_checked& checked, const identity& as) {
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
  if (!as.is_bot())
    why.detail += "; the app needs the permission SEND_MESSAGES";
  why.detail += "; ask an administrator of the pod";
  return why;
}

} // namespace tutti
