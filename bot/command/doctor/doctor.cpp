// Each check leans on those before it; what cannot be checked any more is reported as such.
#include <bot/command/doctor/doctor.hpp>

#include <bot/command/doctor/local.hpp>
#include <bot/command/doctor/remote.hpp>

#include <tutti/bot.hpp>

namespace tutti::command {

namespace {

using namespace std::chrono_literals;

using certificate_ptr = std::shared_ptr<const crypto::client_certificate>;

/// The client certificate that one of both logs in with; null: none.
certificate_ptr shown_by(const std::optional<login_proof>& bot,
                         const std::optional<login_proof>& app) {
  for (const auto* each : {&app, &bot})
    if (*each && (*each)->certificate)
      return (*each)->certificate;
  return nullptr;
}

void run_checks(doctor_report& report, const common_options& options) {
  auto settings = check_config(report, options.config_path);
  if (!settings)
    return report.skip(
        {"key", "host", "clock", "login", "session", "entitlements", "agent", "feeds"});
  auto has_bot = !settings->bot.username.empty();
  auto proof = has_bot ? check_bot_proof(report, *settings) : std::nullopt;
  auto app_proof = settings->app.id.empty() ? std::nullopt : check_app_proof(report, *settings);
  // A pod that is just starting is given a second.
  settings->retry = {5, 200ms, 1, 200ms, 1'000ms};
  for (auto& host : settings->hosts)
    host.connect_timeout = host.read_timeout = doctor_patience;
  bot running{*settings};
  if (auto started = running.start(); !started) {
    report.fail("config", started.error());
    return report.skip({"host", "clock", "login", "session", "entitlements", "agent", "feeds"});
  }
  remote_checks remote{report, *settings, running, shown_by(proof, app_proof)};
  if (!remote.check_hosts())
    return report.skip({"clock", "login", "session", "entitlements", "agent", "feeds"});
  remote.check_clock();
  if (app_proof)
    remote.check_login(*app_proof, wire::principal::app, settings->app.id);
  if (!has_bot)
    return;
  if (!proof)
    return report.skip({"login", "session", "entitlements", "agent", "feeds"});
  if (!remote.check_login(*proof, wire::principal::bot, settings->bot.username))
    return report.skip({"session", "entitlements", "agent", "feeds"});
  auto caller = remote.check_session();
  if (!caller)
    return report.skip({"entitlements", "agent", "feeds"});
  remote.check_entitlements(*caller);
  remote.check_agent();
}

} // namespace

int run_doctor(const common_options& options) {
  doctor_report report;
  run_checks(report, options);
  return report.status();
}

} // namespace tutti::command
