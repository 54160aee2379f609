// Failures that say nothing about what was asked: the other side is away.
#pragma once

#include <tutti/errc.hpp>

namespace tutti {

/// Whether the same question may be answered later.
inline bool is_outage(const failure& why) noexcept {
  using enum errc;
  for (auto each : {unreachable, deadline_exceeded, login_refused, unauthorized, rate_limited,
                    overloaded, tls_failed, shutting_down})
    if (why.error == each)
      return true;
  return why.status == 404; // A balancer in front of an agent that is away.
}

} // namespace tutti
