// What a 403 of Create IM is told as, once its causes have been looked at.
#pragma once

#include <tutti/identity.hpp>
#include <tutti/protocol/entitlement.hpp>
#include <tutti/result.hpp>

namespace tutti {

/// Of the form without the caller: only a role can be missing.
failure admin_refused(failure pod);

/// `pod` is what the pod said, `checked` what users, connections and features say about it. When
/// these name no cause it stays `not_entitled`, with whether they confirm it or may not be read,
/// and with the permission that the app of somebody acted for needs.
failure explained(const failure& pod, const entitlement_checked& checked, const identity& as);

} // namespace tutti
