// Modes of files, and hosts without encryption.
#include <bot/warnings.hpp>

#include <tutti/local_server.hpp>
#include <tutti/secret_file.hpp>

#include <algorithm>

namespace tutti {

std::vector<std::string> warnings(const config& settings) {
  auto all = settings.notes;
  auto look = [&](const char* place, const secret_config& given) {
    if (auto line = readable_by_others(given.path); !line.empty())
      all.push_back(std::string{place} + ".path: " + line);
  };
  look("bot.privateKey", settings.bot.private_key);
  look("bot.certificate", settings.bot.certificate);
  look("app.privateKey", settings.app.private_key);
  look("app.certificate", settings.app.certificate);
  std::vector<std::string> hosts;
  for (const auto& each : settings.hosts)
    if (each.scheme == "http" && !each.host.empty() && each.host != "localhost" &&
        !is_loopback(each.host) && std::find(hosts.begin(), hosts.end(), each.host) == hosts.end())
      hosts.push_back(each.host);
  for (const auto& each : hosts)
    all.push_back("scheme: tokens travel in the clear to " + each + "; set scheme: https");
  return all;
}

} // namespace tutti
