#include <bot/command/doctor/remote.hpp>

#include <bot/command/doctor/local.hpp>

#include <caf/sec.hpp>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace tutti::command {

namespace {

struct named_service {
  service which;
  const char* name;
};

std::string authority_of(const host_config& host) {
  return fmt::format("{}://{}:{}", host.scheme, host.host, host.port);
}

constexpr named_service services[] = {{service::pod, "pod"},
                                      {service::agent, "agent"},
                                      {service::key_manager, "keyManager"},
                                      {service::session_auth, "sessionAuth"}};

} // namespace

template <class Answer, class Handle, class Question>
result<Answer> remote_checks::ask(const Handle& whom, Question question) {
  result<Answer> got = failure{};
  // The core always answers; this is for a replaced actor that does not.
  self_->request(whom, 3 * doctor_patience, std::move(question))
      .receive([&](Answer& answer) { got = std::move(answer); },
               [&](const caf::error& error) {
                 got = error == caf::sec::request_timeout
                           ? failure{errc::deadline_exceeded, "no answer in time", 0, {}}
                           : to_failure(error);
               });
  return got;
}

bool remote_checks::check_hosts() {
  std::vector<host_config> seen;
  for (auto [which, name] : services) {
    const auto& host = settings_.host_of(which);
    if (host.host.empty()) {
      report_.note("host", std::string{name} + ": none is configured");
      continue;
    }
    if (std::find(seen.begin(), seen.end(), host) != seen.end())
      continue;
    seen.push_back(host);
    check_host(which, name, host);
  }
  return pod_reached_;
}

void remote_checks::check_host(service which, const char* name, const host_config& host) {
  auto where = fmt::format("{} {}", name, authority_of(host));
  http_call call;
  call.to = which;
  call.authorized = false;
  call.timeout = doctor_patience;
  // Without a session: a refusal, which is all that is wanted.
  call.request = {http_method::get, std::string{wire::session_info_path}, {}, true};
  auto by_certificate = which == service::session_auth && shown_;
  if (by_certificate)
    call.certificate = shown_;
  auto began = std::chrono::steady_clock::now();
  auto answer = ask<http_response>(core_.http, std::move(call));
  auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                  began)
                .count();
  if (!answer && (which == service::pod || by_certificate))
    return report_.fail("host", answer.error());
  if (!answer) // A bot that only opens IMs needs nothing but the pod.
    return report_.warn("host", where + ": " + to_string(answer.error()));
  if (which == service::pod) {
    pod_reached_ = true;
    date_ = answer->date;
  }
  report_.good("host", fmt::format("{}: {} ({} ms)", where,
                                   host.scheme == "https"
                                       ? "name, connection, certificate and its name are good"
                                       : "name and connection are good; nothing is encrypted",
                                   ms));
}

void remote_checks::check_clock() {
  auto ahead = wire::seconds_ahead(date_, std::chrono::system_clock::now());
  if (!ahead)
    return report_.warn("clock", "the pod told no time");
  auto text = fmt::format("{} s from the pod's", std::abs(*ahead));
  if (wire::keeps_logins_out(*ahead))
    return report_.fail("clock", {errc::login_refused,
                                  text + "; set this machine's clock (NTP): logins carry a time", 0,
                                  "clock_skew"});
  if (std::abs(*ahead) > 30)
    return report_.warn("clock", text + "; logins still work, but set this machine's clock (NTP)");
  report_.good("clock", text);
}

bool remote_checks::check_login(const login_proof& proof, wire::principal who,
                                const std::string& name) {
  const auto* row = who == wire::principal::bot ? "login" : "app-login";
  auto how = proof.certificate ? wire::login_by::certificate : wire::login_by::key;
  http_call call;
  call.to = wire::login_host(how);
  call.authorized = false;
  call.request = proof.certificate ? wire::login(who) : wire::login(who, proof.jwt);
  call.certificate = proof.certificate;
  auto answer = ask<http_response>(core_.http, std::move(call));
  auto now = std::chrono::system_clock::now();
  auto session = answer ? wire::read_login(who, how, *answer, now) : answer.error();
  if (!session) {
    report_.fail(row, session.error());
    return false;
  }
  report_.good(row, name);
  return true;
}

std::optional<caller_info> remote_checks::check_session() {
  auto caller = ask<caller_info>(core_.auth, whoami{});
  if (!caller) {
    report_.fail("session", caller.error());
    return std::nullopt;
  }
  auto who = fmt::format("user id {}, {}", caller->id.value(), caller->display_name);
  if (!caller->username.empty() && caller->username != settings_.bot.username)
    report_.warn("session", who + ": the pod takes this bot for " + caller->username +
                                ", not bot.username (" + settings_.bot.username + ")");
  else
    report_.good("session", who);
  return *caller;
}

void remote_checks::check_entitlements(const caller_info& caller) {
  http_call call;
  call.timeout = doctor_patience;
  call.request = wire::features_of(caller.id);
  auto answer = ask<http_response>(core_.http, std::move(call));
  if (!answer)
    return report_.fail("entitlements", answer.error());
  if (answer->status == 403)
    return report_.good("entitlements", "may not be read by this bot (role User Provisioning); the "
                                        "pod decides on each request");
  auto external = wire::read_feature(*answer, wire::external_im_feature);
  if (!external)
    return report_.fail("entitlements", external.error());
  if (*external && **external)
    report_.good("entitlements", "may open IMs with users of other pods (isExternalIMEnabled)");
  else
    report_.warn("entitlements", "isExternalIMEnabled is off: no IMs with users of other pods; an "
                                 "administrator of the pod can switch it on");
}

/// By a read.
void remote_checks::check_datahose() {
  http_call call;
  call.to = service::agent;
  call.timeout = doctor_patience;
  call.long_poll = true;
  const auto& given = settings_.datahose;
  const auto tag = wire::datahose_tag(given.tag, settings_.bot.username);
  constexpr std::size_t longest = 80;
  const std::string own = "-doctor"; // A queue of its own: it takes nothing from the bot.
  call.request = wire::poll_datahose(
      {tag.substr(0, longest - own.size()) + own, given.event_types, given.scopes}, {}, false);
  auto answer = ask<http_response>(core_.http, std::move(call));
  if (!answer && answer.error().error != errc::deadline_exceeded)
    return report_.fail("feeds", answer.error());
  if (answer)
    if (auto read = wire::read_events(*answer); !read)
      return report_.fail("feeds", read.error());
  report_.good("feeds", "the datahose can be read; the bot's tag is " + tag);
}

void remote_checks::check_agent() {
  if (settings_.host_of(service::agent).host.empty())
    return report_.note("agent",
                        "none is configured: the bot opens IMs, but neither hears nor says "
                        "anything");
  if (settings_.datafeed.version == event_source::datahose)
    return check_datahose();
  const auto where = authority_of(settings_.host_of(service::agent));
  auto list = [this](std::string_view tag) -> result<std::vector<std::string>> {
    http_call call;
    call.to = service::agent;
    call.timeout = doctor_patience;
    call.request = wire::list_feeds(tag);
    auto answer = ask<http_response>(core_.http, std::move(call));
    return answer ? wire::read_feeds(*answer) : answer.error();
  };
  auto all = list({});
  if (!all) {
    if (all.error().error == errc::unreachable || all.error().error == errc::deadline_exceeded)
      return report_.warn("agent", where + ": " + to_string(all.error()) +
                                       "; without it the bot opens IMs, but neither hears nor says "
                                       "anything");
    return report_.fail("agent", all.error());
  }
  report_.good("agent", where + ": takes the session and the key manager's token");
  constexpr std::size_t most = 20;
  const auto tag = wire::feed_tag(settings_.datafeed.tag, settings_.bot.username);
  auto own = list(tag);
  auto text = fmt::format("{} of {} that the account may have; with this bot's tag ({}): {}",
                          all->size(), most, tag, own ? std::to_string(own->size()) : "?");
  if (all->size() < most || (own && !own->empty()))
    return report_.good("feeds", text);
  report_.warn("feeds", text + "; the bot cannot make one: delete one that nobody reads, or give "
                               "datafeed.tag the tag of one that may be shared");
}

} // namespace tutti::command
