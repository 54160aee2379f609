// One check after the other.
#include <bot/validate.hpp>

#include <bot/tls_setup.hpp>

#include <tutti/event.hpp>
#include <tutti/joined_failure.hpp>

#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

namespace tutti {

namespace {

/// What keeps that account from logging in; empty for nothing.
std::string flaw_of(const std::string& word, const std::string& name, const secret_config& key,
                    const secret_config& certificate) {
  if (name.empty())
    return {};
  const auto& used = key.given() ? key : certificate;
  if (!used.path.empty() && !used.content.empty())
    return word + (key.given() ? ".privateKey" : ".certificate") +
           ": give exactly one of path and content";
  if (used.given())
    return {};
  return word + ".privateKey: give exactly one of path and content; make a key with: tutti keys " +
         name + " (or give " + word + ".certificate)";
}

/// Whether it logs in by certificate.
template <class Account>
bool shows_certificate(const std::string& name, const Account& given) {
  return !name.empty() && !given.private_key.given() && given.certificate.given();
}

template <class Say>
void check_datahose(const datahose_config& given, Say&& say) {
  constexpr std::size_t longest_tag = 80;
  if (given.tag.size() > longest_tag)
    say("datahose.tag: the agent takes 80 characters at most");
  if (given.event_types.empty())
    say("datahose.eventTypes is empty: list what is heard, e.g. [ROOMCREATED]");
  for (const auto& each : given.event_types)
    if (read_event_kind(each) >= event_kind::timer_due) {
      std::string known;
      for (std::size_t kind = 0; kind < static_cast<std::size_t>(event_kind::timer_due); ++kind)
        known.append(kind ? ", " : "").append(to_string(static_cast<event_kind>(kind)));
      auto text = "datahose.eventTypes: '" + each;
      say(text.append("' is none of: ").append(known));
    }
  for (const auto& each : given.scopes)
    if (each != "INTERNAL" && each != "EXTERNAL" && each != "FEDERATED")
      say(std::string{"datahose.scopes: '"}.append(each).append(
          "' is none of: INTERNAL, EXTERNAL, FEDERATED"));
}

} // namespace

std::optional<failure> flaw(const config& settings) {
  std::vector<failure> all;
  auto say = [&](const std::string& detail) {
    all.push_back({errc::misconfigured,
                   (settings.origin.empty() ? "" : settings.origin + ": ") + detail,
                   0,
                   {}});
  };
  if (settings.host_of(service::pod).host.empty())
    say("no host: set host (or pod.host) to the pod's name, e.g. mybank.symphony.com");
  for (const auto& host : settings.hosts)
    if (host.scheme != "http" && host.scheme != "https")
      say("scheme '" + host.scheme + "' of " + host.host + " is none of: https, http");
  if (settings.bot.username.empty() && settings.app.id.empty())
    say("no bot: set bot.username to the service account's user name (or app.appId, to act "
        "on behalf of users only)");
  for (const auto& [word, name, key, certificate] :
       {std::tuple{"bot", settings.bot.username, settings.bot.private_key,
                   settings.bot.certificate},
        {"app", settings.app.id, settings.app.private_key, settings.app.certificate}})
    if (auto wrong = flaw_of(word, name, key, certificate); !wrong.empty())
      say(wrong);
  const auto& by_certificate = settings.host_of(service::session_auth);
  for (auto [word, used] :
       {std::pair{"bot", shows_certificate(settings.bot.username, settings.bot)},
        {"app", shows_certificate(settings.app.id, settings.app)}})
    if (used && by_certificate.scheme != "https")
      say(std::string{word} + ".certificate: a certificate is shown over TLS only; set " +
          "sessionAuth.scheme: https");
  const std::pair<const char*, bool> nothing_gets_through[] = {
      {"http.maxInFlight", settings.http.max_in_flight == 0},
      {"http.maxBody", settings.http.max_body == 0},
      {"im.timeout", settings.im.timeout.count() <= 0},
      {"retry.maxAttempts", settings.retry.max_attempts == 0},
      {"events.window", settings.events.window == 0},
      {"events.attempts", settings.events.attempts <= 0},
  };
  for (auto [key, closed] : nothing_gets_through)
    if (closed)
      say(std::string{key} + " is 0: nothing could ever succeed; leave it out or raise it");
  constexpr std::chrono::milliseconds shortest_interval{100};
  if (settings.datafeed.max_interval < shortest_interval)
    say("datafeed.retry.maxIntervalMillis: an agent that is away would be asked all the time; "
        "leave it out or raise it to 100 at least");
  constexpr std::size_t longest_tag = 100;
  if (settings.datafeed.tag.size() > longest_tag)
    say("datafeed.tag: the agent takes 100 characters at most");
  constexpr double slowest = 0.001;
  const auto pace = settings.outbox.per_stream;
  if (!(pace == 0 || (pace >= slowest && std::isfinite(pace))))
    say("outbox.perStream: 0, or messages a second from 0.001 on");
  if (settings.datafeed.version == event_source::datahose)
    check_datahose(settings.datahose, say);
  constexpr std::size_t most_sessions = 10'000'000;
  if (settings.app.max_sessions > most_sessions)
    say("app.maxSessions: more than 10,000,000 are not kept");
  if (auto tls = tls_for(settings); !tls) {
    auto why = tls.error();
    for (const auto& each : settings.notes) // A password that ends with a line break, say.
      why.detail += "; " + each;
    all.push_back(std::move(why));
  }
  return all.empty() ? std::nullopt : std::optional{joined(all)};
}

} // namespace tutti
