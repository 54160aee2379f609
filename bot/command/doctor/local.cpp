#include <bot/command/doctor/local.hpp>

#include <bot/command/prepare.hpp>
#include <bot/process/account_check.hpp>
#include <bot/validate.hpp>
#include <plugins/loader.hpp>

#include <tutti/config_file.hpp>
#include <tutti/secret_file.hpp>

#include <fstream>
#include <sstream>

namespace tutti::command {

namespace {

void report_file(doctor_report& report, const char* row, const std::string& path,
                 const std::string& what) {
  if (auto danger = readable_by_others(path); !danger.empty())
    report.warn(row, what + "; " + danger);
  else
    report.good(row, what);
}

std::optional<login_proof> check_client_certificate(doctor_report& report,
                                                    const crypto::store_source& where) {
  auto shown = load_certificate(where, doctor_patience);
  if (!shown) {
    report.fail("certificate", shown.error());
    return std::nullopt;
  }
  report_file(
      report, "certificate", where.given.path,
      fmt::format("{}, of {}, valid until {}", where.name(), (*shown)->name(), (*shown)->ends()));
  return login_proof{{}, *shown};
}

/// The key logs in; that both belong together is worth knowing all the same.
void check_certificate_of(doctor_report& report, const crypto::signing_key& key,
                          const std::string& path, const std::string& place) {
  std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  auto facts = key.look_at(text.str(), path);
  if (!facts)
    return report.warn("certificate", facts.error().detail);
  if (!facts->of_this_key)
    return report.warn("certificate",
                       path + ": not the certificate of " + place + ", which is used");
  if (!facts->in_force)
    return report.fail("certificate", {errc::misconfigured,
                                       path + ": not valid now (it ends " + facts->ends +
                                           "); have it renewed, or set this machine's clock",
                                       0,
                                       {}});
  report.good("certificate", path + ", of this key, valid until " + facts->ends);
}

template <class Account>
std::optional<login_proof> check_proof(doctor_report& report, const Account& given,
                                       const char* whose, const char* row) {
  if (!given.private_key.given())
    return check_client_certificate(report, certificate_of(given.certificate, whose));
  const auto& path = given.private_key.path;
  auto where = crypto::key_of(given);
  auto key = load_key(where, doctor_patience);
  auto jwt = key ? key->sign_login(where.subject, std::chrono::system_clock::now()) : key.error();
  if (!jwt) {
    report.fail(row, jwt.error());
    return std::nullopt;
  }
  report_file(
      report, row, path,
      fmt::format("{}, RSA {} bit", path.empty() ? where.place + ".content" : path, key->bits()));
  if (!given.certificate.path.empty())
    check_certificate_of(report, *key, given.certificate.path, where.place);
  return login_proof{*jwt, nullptr};
}

} // namespace

std::optional<config> check_config(doctor_report& report, const std::string& path) {
  auto loaded = config_file::load(path);
  if (!loaded) {
    report.fail("config", loaded.error());
    return std::nullopt;
  }
  auto settings = std::move(*loaded);
  settings.log = {log_level::off, log_format::text, {}};
  auto wrong = flaw(settings);
  if (!wrong)
    wrong = plugins::flaw(settings);
  if (wrong) {
    report.fail("config", *wrong);
    return std::nullopt;
  }
  be_brief(settings);
  std::string idle;
  for (const auto& each : settings.without_effect)
    idle += (idle.empty() ? "" : ", ") + each;
  if (idle.empty())
    report.good("config", path);
  else
    report.warn("config", path + "; without effect yet: " + idle);
  for (const auto& each : settings.notes)
    report.warn("config", each);
  return settings;
}

std::optional<login_proof> check_bot_proof(doctor_report& report, const config& settings) {
  return check_proof(report, settings.bot, "bot", "key");
}

std::optional<login_proof> check_app_proof(doctor_report& report, const config& settings) {
  return check_proof(report, settings.app, "app", "app-key");
}

} // namespace tutti::command
