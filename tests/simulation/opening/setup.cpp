// Configurations, people and requests by chance.
#include <tests/simulation/opening/setup.hpp>

namespace tutti::simulation {

using namespace std::chrono_literals;

config choose_settings(chance& luck, bool calm, const key_halves& key) {
  config made;
  made.hosts.fill({"http", "pod", 80, ""});
  made.hosts[0].max_requests_per_second = calm ? 0 : luck.one_of({0U, 0U, 0U, 5U});
  made.hosts.fill(made.hosts[0]);
  for (auto& host : made.hosts)
    host.read_timeout = 20s;
  made.bot = {"bot", "", key.private_pem};
  made.http.max_in_flight = luck.one_of({1U, 2U, 4U, 64U});
  made.http.max_queued = calm ? 1'000 : luck.one_of({2U, 1'000U, 1'000U, 1'000U});
  made.retry.max_attempts = luck.one_of({1, 3, 10, -1});
  made.retry.initial_interval = luck.one_of({10ms, 500ms});
  made.retry.unreachable_for = luck.one_of<std::chrono::milliseconds>({0ms, 0ms, 2s});
  made.im.multi = luck.one_of({multi_party::refuse, multi_party::refuse, multi_party::allow});
  made.im.timeout = luck.one_of<std::chrono::milliseconds>({1s, 5s, 30s});
  made.im.directory.capacity = luck.one_of({0U, 2U, 1'000U});
  made.im.directory.ttl = luck.one_of<std::chrono::milliseconds>({2s, 24h});
  made.entitlements.ttl = luck.one_of<std::chrono::milliseconds>({0ms, 1s, 5min});
  return made;
}

people populate(emulator::pod& pod, chance& luck, bool many, const key_halves& key) {
  people made;
  pod.users.add(emulator::company{1, "home", {2}});
  pod.users.add(emulator::company{2, "away", {1}});
  auto person = [&](const char* name, std::int64_t company, bool external) {
    emulator::user one;
    one.company = company;
    one.username = name;
    one.email = std::string{name} + "@x.y";
    one.features["isExternalIMEnabled"] = external;
    return one;
  };
  auto bot = person("bot", 1, luck.percent(70));
  bot.service_account = true;
  if (luck.percent(50))
    bot.roles.insert("USER_PROVISIONING");
  bot.public_key = key.public_pem;
  made.bot = *user_id::make(pod.users.add(bot));
  std::vector<emulator::uid> ids;
  for (const auto* name : {"ann", "bob", "cid"})
    ids.push_back(pod.users.add(person(name, 1, true)));
  ids.push_back(pod.users.add(person("xenia", 2, true)));
  ids.push_back(pod.users.add(person("zoe", 2, true)));
  pod.connections.set(made.bot.value(), ids[3], emulator::connection::state::accepted);
  for (auto each : ids)
    made.users.push_back(*user_id::make(each));
  if (luck.percent(30))
    made.users.push_back(*user_id::make(999)); // There is no such user.
  if (many)
    made.identities = {identity{}, identity::on_behalf_of(made.users[0]),
                       identity::on_behalf_of(made.users[1])};
  else
    made.identities = {identity{}, identity{}, identity{},
                       identity{}, identity{}, identity::on_behalf_of(made.users[0])};
  if (many)
    pod.apps.add(emulator::app{"app",
                               true,
                               {"ACT_AS_USER", "SEND_MESSAGES", "GET_USER_CONNECTIONS",
                                "GET_BASIC_USER_INFO", "GET_BASIC_CONTACT_INFO"},
                               {},
                               1,
                               key.public_pem});
  return made;
}

create_im any_request(chance& luck, const people& all, const config& settings) {
  create_im asked;
  asked.as = luck.one_of(all.identities);
  do
    asked.participants = {luck.one_of(all.users)};
  while (asked.participants[0] == asked.as.user() && luck.percent(90));
  if (luck.percent(10)) // Repeated, or the caller itself.
    asked.participants.push_back(luck.percent(50) ? asked.participants[0] : all.bot);
  if (settings.im.multi == multi_party::allow && luck.percent(30))
    asked.participants.push_back(luck.one_of(all.users));
  if (luck.percent(10)) {
    asked.form = im_form::admin;
    asked.participants.push_back(luck.one_of(all.users));
  }
  asked.timeout =
      luck.one_of<std::chrono::milliseconds>({0ms, 0ms, 0ms, 0ms, 0ms, 20ms, 500ms, 3s, 40s});
  asked.ticket = call_ticket::next();
  return asked;
}

} // namespace tutti::simulation
