// Configurations by key, by certificate, for the bot and on behalf of eve.
#include <tests/identities/scenario.hpp>

#include <base/crypto/base64.hpp>
#include <emulator/crypto/certificate.hpp>

namespace tutti::testing {

namespace {

constexpr const char* app_name = "demo-app";
constexpr const char* password = "open sesame";

const emulator::certificate& pod_certificate() {
  static const auto made = emulator::make_certificate({"127.0.0.1"});
  return made;
}

const std::string& certificate_of(const char* name) {
  static std::map<std::string, std::string> made;
  auto& pem = made[name];
  if (pem.empty())
    pem = emulator::make_client_certificate(pod_certificate(), name);
  return pem;
}

result<identity> the_bot(bot&, pod_fixture&) {
  return identity{};
}

result<identity> eve_by_id(bot&, pod_fixture& pod) {
  return identity::on_behalf_of(pod.id("eve"));
}

result<identity> eve_by_name(bot& running, pod_fixture&) {
  auto found = running.ask(identify_user{"eve"}).get();
  if (!found)
    return found.error();
  return identity::on_behalf_of(found->id);
}

void app_by_key(config& settings) {
  settings.app.id = app_name;
  settings.app.private_key.content = bot_keys().private_pem;
}

void app_by_certificate(config& settings) {
  settings.app.id = app_name;
  settings.app.certificate.content = certificate_of(app_name);
}

/// The bot has no part in it.
void only(config& settings) {
  settings.bot = {};
}

emulator::server_options options_of(const part& played) {
  emulator::server_options made;
  if (played.tls)
    made.tls = pod_certificate();
  return made;
}

} // namespace

const std::vector<part>& all_parts() {
  static const std::vector<part> all{
      {"bot by RSA key", "`bot.privateKey`", false, [](config&) {}, the_bot},
      {"bot by certificate (PKCS#12)", "`bot.certificate`", true,
       [](config& settings) {
         auto store = emulator::as_pkcs12(certificate_of("demo-bot"), password);
         settings.bot.private_key = {};
         settings.bot.certificate = {"", crypto::to_base64(store), password};
       },
       the_bot},
      {"bot by RSA key, common JWT given at the login", "`commonJwt.enabled: true`", false,
       [](config& settings) { settings.common_jwt.enabled = true; }, the_bot},
      {"bot by RSA key, common JWT asked for", "the same, at a pod whose login gives none", false,
       [](config& settings) { settings.common_jwt.enabled = true; }, the_bot},
      {"user by id, app by RSA key", "`app.privateKey`", false,
       [](config& settings) {
         app_by_key(settings);
         only(settings);
       },
       eve_by_id},
      {"user by name, app by RSA key", "`app.privateKey`", false,
       [](config& settings) {
         app_by_key(settings);
         only(settings);
       },
       eve_by_name},
      {"user by id, app by certificate (PEM)", "`app.certificate`", true,
       [](config& settings) {
         app_by_certificate(settings);
         only(settings);
       },
       eve_by_id},
      {"user by name, app by certificate (PEM)", "`app.certificate`", true,
       [](config& settings) {
         app_by_certificate(settings);
         only(settings);
       },
       eve_by_name},
  };
  return all;
}

stage::stage(const part& played) : pod(options_of(played)), played_(played) {
  pod.serving.with_pod([&](emulator::pod& state) {
    state.apps.set_public_key(app_name, bot_keys().public_pem);
    state.options.common_jwt_at_login = played.name.find("given at the login") != std::string::npos;
  });
}

config stage::settings() {
  auto made = pod.bot_config();
  if (played_.tls) {
    for (auto& host : made.hosts)
      host.scheme = "https";
    made.tls.trust_store_content = pod_certificate().authority;
  }
  played_.settle(made);
  return made;
}

} // namespace tutti::testing
