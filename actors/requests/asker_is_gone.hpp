// Whether the asker is still there to receive an answer.
#pragma once

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/response_promise.hpp>

namespace tutti {

/// CAF does not report that an asker has ended: its promise has to be checked.
inline bool asker_is_gone(const caf::response_promise& promise) {
  const auto& source = promise.source();
  auto* asker = source ? caf::actor_cast<caf::abstract_actor*>(source) : nullptr;
  return asker && asker->getf(caf::abstract_actor::is_terminated_flag);
}

} // namespace tutti
