// One check after the other.
#include <bot/flaw.hpp>

#include <bot/trust.hpp>

#include <utility>

namespace tutti {

std::optional<failure> flaw(const config& settings) {
  auto say = [&](const std::string& detail) {
    return failure{errc::misconfigured,
                   (settings.origin.empty() ? "" : settings.origin + ": ") + detail,
                   0,
                   {}};
  };
  if (settings.host_of(service::pod).host.empty())
    return say("no host: set host (or pod.host) to the pod's name, e.g. mybank.symphony.com");
  for (const auto& host : settings.hosts)
    if (host.scheme != "http" && host.scheme != "https")
      return say("scheme '" + host.scheme + "' of " + host.host + " is none of: https, http");
  if (settings.bot.username.empty())
    return say("no bot: set bot.username to the service account's user name");
  if (settings.bot.private_key_path.empty() == settings.bot.private_key_content.empty())
    return say(
        "bot.privateKey: give exactly one of path and content; make a key with: tutti keys " +
        settings.bot.username);
  const std::pair<const char*, bool> nothing_gets_through[] = {
      {"http.maxInFlight", settings.http.max_in_flight == 0},
      {"http.maxBody", settings.http.max_body == 0},
      {"im.timeout", settings.im.timeout.count() <= 0},
      {"retry.maxAttempts", settings.retry.max_attempts == 0},
  };
  for (auto [key, closed] : nothing_gets_through)
    if (closed)
      return say(std::string{key} +
                 " is 0: no request could ever succeed; leave it out or raise it");
  if (auto tls = tls_for(settings); !tls)
    return tls.error();
  return std::nullopt;
}

} // namespace tutti
