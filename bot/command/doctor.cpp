// Each check leans on those before it; what cannot be checked any more is said.
#include <bot/command/doctor.hpp>

#include <bot/command/account_check.hpp>
#include <bot/command/exit_status.hpp>
#include <bot/validate.hpp>
#include <plugins/loader.hpp>

#include <actors/auth/login_prover.hpp>
#include <tutti/config_file.hpp>
#include <wire/endpoints.hpp>

#include <tutti/bot.hpp>
#include <tutti/secret_file.hpp>

#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

namespace tutti::command {

namespace {

using namespace std::chrono_literals;

/// How long any one check may take.
constexpr std::chrono::milliseconds check_time{5'000};

struct named_service {
  service which;
  const char* name;
};

constexpr named_service services[] = {{service::pod, "pod"},
                                      {service::agent, "agent"},
                                      {service::key_manager, "keyManager"},
                                      {service::session_auth, "sessionAuth"}};

class doctor {
public:
  explicit doctor(const common_options& options) : options_(options) {}

  int run() {
    if (!check_config())
      return skip({"key", "host", "clock", "login", "session", "entitlements"});
    auto has_bot = !settings_.bot.username.empty();
    auto proof = has_bot ? check_proof(settings_.bot, "bot", "key") : std::nullopt;
    auto app_proof =
        settings_.app.id.empty() ? std::nullopt : check_proof(settings_.app, "app", "app-key");
    // A pod that is just starting is given a second.
    settings_.retry = {5, 200ms, 1, 200ms, 1'000ms};
    for (auto& host : settings_.hosts)
      host.connect_timeout = host.read_timeout = check_time;
    bot running{settings_};
    if (auto started = running.start(); !started) {
      fail("config", started.error());
      return skip({"host", "clock", "login", "session", "entitlements"});
    }
    caf::scoped_actor self{running.system()};
    check_hosts(running, self);
    if (!pod_reached_)
      return skip({"clock", "login", "session", "entitlements"});
    check_clock();
    if (app_proof)
      check_login(running, self, *app_proof, wire::principal::app, settings_.app.id);
    if (!has_bot)
      return status_;
    if (!proof)
      return skip({"login", "session", "entitlements"});
    if (!check_login(running, self, *proof, wire::principal::bot, settings_.bot.username))
      return skip({"session", "entitlements"});
    auto caller = check_session(running, self);
    if (!caller)
      return skip({"entitlements"});
    check_entitlements(running, self, *caller);
    return status_;
  }

private:
  // -- lines ----------------------------------------------------------------------

  void line(const char* mark, std::string_view check, const std::string& what) {
    fmt::print("{:<5} {:<13} {}\n", mark, check, what);
    std::fflush(stdout);
  }
  void good(std::string_view check, const std::string& what) { line("ok", check, what); }
  void warn(std::string_view check, const std::string& what) { line("warn", check, what); }
  void fail(std::string_view check, const failure& why) {
    line("FAIL", check, to_string(why));
    status_ = std::max<int>(status_, exit_status_of(why));
  }

  int skip(std::initializer_list<const char*> checks) {
    for (const auto* each : checks)
      line("-", each, "not checked, because of the above");
    return status_;
  }

  // -- what this machine knows ------------------------------------------------------

  bool check_config() {
    auto loaded = config_file::load(options_.config_path);
    if (!loaded) {
      fail("config", loaded.error());
      return false;
    }
    settings_ = std::move(*loaded);
    settings_.log = {log_level::off, log_format::text, {}};
    auto wrong = flaw(settings_);
    if (!wrong)
      wrong = plugins::flaw(settings_);
    if (wrong) {
      fail("config", *wrong);
      return false;
    }
    be_brief(settings_);
    std::string idle;
    for (const auto& each : settings_.without_effect)
      idle += (idle.empty() ? "" : ", ") + each;
    if (idle.empty())
      good("config", options_.config_path);
    else
      warn("config", options_.config_path + "; without effect yet: " + idle);
    for (const auto& each : settings_.notes)
      warn("config", each);
    return true;
  }

  /// What the account logs in with, when it can be used.
  template <class Account>
  std::optional<login_proof> check_proof(const Account& given, const char* whose, const char* row) {
    if (!given.private_key.given())
      return check_client_certificate(certificate_of(given.certificate, whose));
    const auto& path = given.private_key.path;
    auto where = crypto::key_of(given);
    auto key = load_key(where, check_time);
    auto jwt = key ? key->sign_login(where.subject, std::chrono::system_clock::now()) : key.error();
    if (!jwt) {
      fail(row, jwt.error());
      return std::nullopt;
    }
    tell_of_file(
        row, path,
        fmt::format("{}, RSA {} bit", path.empty() ? where.place + ".content" : path, key->bits()));
    if (!given.certificate.path.empty())
      check_certificate(*key, given.certificate.path, where.place);
    return login_proof{*jwt, nullptr};
  }

  std::optional<login_proof> check_client_certificate(const crypto::store_source& where) {
    auto shown = load_certificate(where, check_time);
    if (!shown) {
      fail("certificate", shown.error());
      return std::nullopt;
    }
    tell_of_file(
        "certificate", where.given.path,
        fmt::format("{}, of {}, valid until {}", where.name(), (*shown)->name(), (*shown)->ends()));
    shown_ = *shown;
    return login_proof{{}, *shown};
  }

  void tell_of_file(const char* row, const std::string& path, const std::string& what) {
    if (auto danger = readable_by_others(path); !danger.empty())
      warn(row, what + "; " + danger);
    else
      good(row, what);
  }

  /// The key logs in; that both belong together is worth knowing all the same.
  void check_certificate(const crypto::signing_key& key, const std::string& path,
                         const std::string& place) {
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    auto facts = key.look_at(text.str(), path);
    if (!facts)
      return warn("certificate", facts.error().detail);
    if (!facts->of_this_key)
      return warn("certificate", path + ": not the certificate of " + place + ", which is used");
    if (!facts->in_force)
      return fail("certificate", {errc::misconfigured,
                                  path + ": not valid now (it ends " + facts->ends +
                                      "); have it renewed, or set this machine's clock",
                                  0,
                                  {}});
    good("certificate", path + ", of this key, valid until " + facts->ends);
  }

  // -- hosts ------------------------------------------------------------------------

  void check_hosts(bot& running, caf::scoped_actor& self) {
    std::vector<host_config> seen;
    for (auto [which, name] : services) {
      const auto& host = settings_.host_of(which);
      if (host.host.empty()) {
        line("-", "host", std::string{name} + ": none is configured");
        continue;
      }
      if (std::find(seen.begin(), seen.end(), host) != seen.end())
        continue;
      seen.push_back(host);
      check_host(running, self, which, name, host);
    }
  }

  void check_host(bot& running, caf::scoped_actor& self, service which, const char* name,
                  const host_config& host) {
    auto where = fmt::format("{} {}://{}:{}", name, host.scheme, host.host, host.port);
    http_call call;
    call.to = which;
    call.authorized = false;
    call.timeout = check_time;
    // Without a session: a refusal, which is all that is wanted.
    call.request = {http_method::get, std::string{wire::session_info_path}, {}, true};
    auto by_certificate = which == service::session_auth && shown_;
    if (by_certificate)
      call.certificate = shown_;
    auto began = std::chrono::steady_clock::now();
    auto answer = ask<http_response>(self, running.handles().http, std::move(call));
    auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                  std::chrono::steady_clock::now() - began)
                  .count();
    if (!answer && (which == service::pod || by_certificate))
      return fail("host", answer.error());
    if (!answer) // Nothing of this version speaks to it yet.
      return warn("host", where + ": " + to_string(answer.error()));
    if (which == service::pod) {
      pod_reached_ = true;
      date_ = answer->date;
    }
    good("host",
         fmt::format("{}: {} ({} ms)", where,
                     host.scheme == "https" ? "name, connection, certificate and its name are good"
                                            : "name and connection are good; nothing is encrypted",
                     ms));
  }

  void check_clock() {
    auto ahead = wire::seconds_ahead(date_, std::chrono::system_clock::now());
    if (!ahead)
      return warn("clock", "the pod told no time");
    auto text = fmt::format("{} s from the pod's", std::abs(*ahead));
    if (wire::keeps_logins_out(*ahead))
      return fail("clock", {errc::login_refused,
                            text + "; set this machine's clock (NTP): logins carry a time", 0,
                            "clock_skew"});
    if (std::abs(*ahead) > 30)
      return warn("clock", text + "; logins still work, but set this machine's clock (NTP)");
    good("clock", text);
  }

  // -- the pod ------------------------------------------------------------------------

  /// A separate login, to report what fails at the login apart from what fails after it.
  bool check_login(bot& running, caf::scoped_actor& self, const login_proof& proof,
                   wire::principal who, const std::string& name) {
    const auto* row = who == wire::principal::bot ? "login" : "app-login";
    auto how = proof.certificate ? wire::login_by::certificate : wire::login_by::key;
    http_call call;
    call.to = wire::login_host(how);
    call.authorized = false;
    call.request = proof.certificate ? wire::login(who) : wire::login(who, proof.jwt);
    call.certificate = proof.certificate;
    auto answer = ask<http_response>(self, running.handles().http, std::move(call));
    auto now = std::chrono::system_clock::now();
    auto session = answer ? wire::read_login(who, how, *answer, now) : answer.error();
    if (!session) {
      fail(row, session.error());
      return false;
    }
    good(row, name);
    return true;
  }

  std::optional<caller_info> check_session(bot& running, caf::scoped_actor& self) {
    auto caller = ask<caller_info>(self, running.handles().auth, whoami{});
    if (!caller) {
      fail("session", caller.error());
      return std::nullopt;
    }
    auto who = fmt::format("user id {}, {}", caller->id.value(), caller->display_name);
    if (!caller->username.empty() && caller->username != settings_.bot.username)
      warn("session", who + ": the pod takes this bot for " + caller->username +
                          ", not bot.username (" + settings_.bot.username + ")");
    else
      good("session", who);
    return *caller;
  }

  void check_entitlements(bot& running, caf::scoped_actor& self, const caller_info& caller) {
    http_call call;
    call.timeout = check_time;
    call.request = wire::features_of(caller.id);
    auto answer = ask<http_response>(self, running.handles().http, std::move(call));
    if (!answer)
      return fail("entitlements", answer.error());
    if (answer->status == 403)
      return good("entitlements", "may not be read by this bot (role User Provisioning); the pod "
                                  "decides on each request");
    auto external = wire::read_feature(*answer, wire::external_im_feature);
    if (!external)
      return fail("entitlements", external.error());
    if (*external && **external)
      good("entitlements", "may open IMs with users of other pods (isExternalIMEnabled)");
    else
      warn("entitlements", "isExternalIMEnabled is off: no IMs with users of other pods; an "
                           "administrator of the pod can switch it on");
  }

  template <class Answer, class Handle, class Question>
  static result<Answer> ask(caf::scoped_actor& self, const Handle& whom, Question question) {
    result<Answer> got = failure{};
    // The core always answers; this is for a replaced actor that does not.
    self->request(whom, 3 * check_time, std::move(question))
        .receive([&](Answer& answer) { got = std::move(answer); },
                 [&](const caf::error& error) {
                   got = error == caf::sec::request_timeout
                             ? failure{errc::deadline_exceeded, "no answer in time", 0, {}}
                             : to_failure(error);
                 });
    return got;
  }

  const common_options& options_;
  config settings_;
  bool pod_reached_ = false;
  std::shared_ptr<const crypto::client_certificate> shown_;
  std::string date_;
  int status_ = done;
};

} // namespace

int run_doctor(const common_options& options) {
  return doctor{options}.run();
}

} // namespace tutti::command
