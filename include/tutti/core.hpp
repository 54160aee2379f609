// The core: the actors every bot has, and how to put one's own in their place.
#pragma once

#include <tutti/config.hpp>
#include <tutti/log.hpp>
#include <tutti/protocol/apps.hpp>
#include <tutti/protocol/auth.hpp>
#include <tutti/protocol/bulk.hpp>
#include <tutti/protocol/connections.hpp>
#include <tutti/protocol/datafeed.hpp>
#include <tutti/protocol/dispatch.hpp>
#include <tutti/protocol/entitlement.hpp>
#include <tutti/protocol/http.hpp>
#include <tutti/protocol/im.hpp>
#include <tutti/protocol/journal.hpp>
#include <tutti/protocol/messages.hpp>
#include <tutti/protocol/rooms.hpp>
#include <tutti/protocol/streams.hpp>
#include <tutti/protocol/users.hpp>

#include <caf/fwd.hpp>

#include <functional>
#include <tuple>
#include <utility>

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
  rooms_actor rooms;
  streams_actor streams;
  app_token_store app_tokens;
  apps_actor apps;
  messages_actor messages;
  journal_actor journal;
  dispatch_actor dispatch;
  datafeed_actor datafeed;
};

/// A member of `core`, and its name in logs and health.
template <class Handle>
struct core_member {
  const char* name;
  Handle core::*handle;
};
template <class Handle>
core_member(const char*, Handle core::*) -> core_member<Handle>;

/// Its members, those that answer before those that ask, for code that looks through all of them.
inline constexpr std::tuple core_members{core_member{"http", &core::http},
                                         core_member{"auth", &core::auth},
                                         core_member{"users", &core::users},
                                         core_member{"connections", &core::connections},
                                         core_member{"entitlement", &core::entitlement},
                                         core_member{"im", &core::im},
                                         core_member{"bulk", &core::bulk},
                                         core_member{"rooms", &core::rooms},
                                         core_member{"streams", &core::streams},
                                         core_member{"app_tokens", &core::app_tokens},
                                         core_member{"apps", &core::apps},
                                         core_member{"messages", &core::messages},
                                         core_member{"journal", &core::journal},
                                         core_member{"dispatch", &core::dispatch},
                                         core_member{"datafeed", &core::datafeed}};

/// Calls `visit(name, member)` for each, in the order in which a core is ended: who asks before who
/// answers.
template <class Visit>
void each_core_member_top_down(Visit&& visit) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    constexpr auto last = sizeof...(I) - 1;
    (visit(std::get<last - I>(core_members).name, std::get<last - I>(core_members).handle), ...);
  }(std::make_index_sequence<std::tuple_size_v<decltype(core_members)>>{});
}

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
  std::function<rooms_actor(const core_context&)> rooms;
  std::function<streams_actor(const core_context&)> streams;
  std::function<app_token_store(const core_context&)> app_tokens;
  std::function<apps_actor(const core_context&)> apps;
  std::function<messages_actor(const core_context&)> messages;
  std::function<journal_actor(const core_context&)> journal;
  std::function<dispatch_actor(const core_context&)> dispatch;
  std::function<datafeed_actor(const core_context&)> datafeed;
};

} // namespace tutti
