// The core: the actors every bot has, and how to put one's own in their place.
#pragma once

#include <tutti/config.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/auth.hpp>
#include <tutti/protocol/bulk.hpp>
#include <tutti/protocol/connections.hpp>
#include <tutti/protocol/entitlement.hpp>
#include <tutti/protocol/http.hpp>
#include <tutti/protocol/im.hpp>
#include <tutti/protocol/users.hpp>

#include <caf/fwd.hpp>

#include <functional>
#include <tuple>

namespace tutti {

/// Handles of the core actors.
struct core {
  http_actor http;
  auth_actor auth;
  users_actor users;
  connections_actor connections;
  entitlement_actor entitlement;
  im_actor im;
  bulk_actor bulk;
};

/// Its members, for code that looks through all of them.
inline constexpr auto core_members =
    std::tuple{&core::http,        &core::auth, &core::users, &core::connections,
               &core::entitlement, &core::im,   &core::bulk};

/// What a replacement is made with. The handles below it are set already; those above are not.
struct core_context {
  caf::actor_system& system;
  const config& settings;
  const logger& log;
  const core& below;
};

/// Makes core actors; an empty member means Tutti's own.
struct core_factories {
  std::function<http_actor(const core_context&)> http;
  std::function<auth_actor(const core_context&)> auth;
  std::function<users_actor(const core_context&)> users;
  std::function<connections_actor(const core_context&)> connections;
  std::function<entitlement_actor(const core_context&)> entitlement;
  std::function<im_actor(const core_context&)> im;
  std::function<bulk_actor(const core_context&)> bulk;
};

} // namespace tutti
