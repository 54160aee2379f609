// The order in which core actors are made, and the place for a bot's own.
#include <actors/spawn.hpp>

#include <actors/apps/apps.hpp>
#include <actors/auth/auth.hpp>
#include <actors/connections/connections.hpp>
#include <actors/datafeed/datafeed.hpp>
#include <actors/dispatch/dispatch.hpp>
#include <actors/entitlement/entitlement.hpp>
#include <actors/http/http.hpp>
#include <actors/im/bulk.hpp>
#include <actors/im/im.hpp>
#include <actors/journal/journal.hpp>
#include <actors/messages/messages.hpp>
#include <actors/rooms/rooms.hpp>
#include <actors/streams/streams.hpp>
#include <actors/users/users.hpp>

namespace tutti {

void spawn_core(core& made, core_ground ground, const config& settings,
                const core_factories& replacements, const logger& log) {
  auto& system = ground.system;
  const auto& unit = ground.unit;
  auto choose = [&](const char* name, const auto& own, auto&& ours) {
    auto actor = own ? own(core_context{system, settings, log, made}) : ours();
    if (!actor)
      throw std::runtime_error{std::string{"core_factories."} + name + " returned no actor"};
    return actor;
  };
  made.http = choose("http", replacements.http, [&] {
    return spawn_http(system, unit, settings, std::move(ground.transport), log.with("http"),
                      ground.life, ground.seed);
  });
  made.auth = choose("auth", replacements.auth, [&] {
    return spawn_auth(system, unit, settings, made.http, log.with("auth"), ground.life);
  });
  made.users = choose("users", replacements.users,
                      [&] { return spawn_users(system, unit, settings.entitlements, made.http); });
  made.connections = choose("connections", replacements.connections,
                            [&] { return spawn_connections(system, unit, made.http); });
  made.entitlement = choose("entitlement", replacements.entitlement,
                            [&] { return spawn_entitlement(system, unit, made); });
  made.im = choose("im", replacements.im, [&] {
    return spawn_im(system, unit, settings, made, ground.known, log.with("im"), ground.life);
  });
  made.bulk = choose("bulk", replacements.bulk, [&] { return spawn_bulk(system, unit, made.im); });
  made.rooms =
      choose("rooms", replacements.rooms, [&] { return spawn_rooms(system, unit, made.http); });
  made.streams = choose("streams", replacements.streams,
                        [&] { return spawn_streams(system, unit, made.http); });
  made.app_tokens = choose("app_tokens", replacements.app_tokens,
                           [&] { return spawn_app_token_store(system, unit); });
  made.apps = choose("apps", replacements.apps, [&] {
    return spawn_apps(system, unit, settings, made.http, made.app_tokens);
  });
  made.messages = choose("messages", replacements.messages, [&] {
    return spawn_messages(system, unit, settings, made.http, log.with("messages"), ground.life,
                          ground.seed + 1);
  });
  made.journal = choose("journal", replacements.journal,
                        [&] { return spawn_journal(system, unit, ground.journal); });
  made.dispatch = choose("dispatch", replacements.dispatch, [&] {
    return spawn_dispatch(system, unit, settings, made.journal, ground.listener,
                          log.with("dispatch"), ground.life, ground.wall);
  });
  made.datafeed = choose("datafeed", replacements.datafeed, [&] {
    return spawn_datafeed(system, unit, settings, made, ground.listener != nullptr,
                          ground.journal->durable(), log.with("datafeed"), ground.life,
                          ground.seed + 2);
  });
}

} // namespace tutti
