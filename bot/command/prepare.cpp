// Loads, checks and shortens.
#include <bot/command/prepare.hpp>

#include <actors/prover.hpp>
#include <tutti/config_file.hpp>

#include <algorithm>
#include <chrono>

namespace tutti::command {

namespace {

constexpr std::chrono::milliseconds patience{5'000};

std::optional<log_level> level_of(const std::string& word) {
  for (auto level : {log_level::trace, log_level::debug, log_level::info, log_level::warn,
                     log_level::error, log_level::off})
    if (to_string(level) == word)
      return level;
  return std::nullopt;
}

/// Why a key or certificate cannot be used.
template <class Account>
std::optional<failure> unusable_of(const Account& given, const char* word) {
  if (given.private_key.given()) {
    auto where = wire::key_of(given);
    auto text = wire::read_key(where);
    auto key = text ? wire::parse_key(*text, where) : text.error();
    return key ? std::nullopt : std::optional{key.error()};
  }
  if (!given.certificate.given())
    return std::nullopt;
  auto where = certificate_of(given.certificate, word);
  auto bytes = http::read_store(where);
  auto shown = bytes ? http::client_certificate::parse(*bytes, where) : bytes.error();
  return shown ? std::nullopt : std::optional{shown.error()};
}

/// Of the app only where there is no bot: few commands need it, and those are told.
std::optional<failure> unusable(const config& settings) {
  if (settings.bot.username.empty())
    return unusable_of(settings.app, "app");
  return unusable_of(settings.bot, "bot");
}

} // namespace

void be_brief(config& settings) {
  // They run elsewhere, at the same time and on the same ports.
  settings.plugins.clear();
  // Nobody looks at the health of a command, and it ends when it has said what there is to say.
  settings.life.start = start_policy::wait;
  settings.life.probe_interval = std::chrono::milliseconds{0};
  settings.life.stop_grace = std::chrono::milliseconds{0};
}

result<config> prepare(const common_options& given) {
  auto settings = config_file::load(given.config_path);
  if (!settings)
    return settings.error();
  if (auto wrong = unusable(*settings))
    return *wrong;
  for (auto& host : settings->hosts)
    if (host.connect_timeout.count() == 0 || host.connect_timeout > patience)
      host.connect_timeout = patience;
  if (settings->retry.unreachable_for.count() == 0)
    settings->retry.unreachable_for = patience;
  be_brief(*settings);
  settings->log = {level_of(given.log_level).value_or(log_level::warn),
                   given.log_json ? log_format::json : log_format::text,
                   {}};
  if (given.log_level.empty()) // That a host is lost stands in the answer already.
    settings->log.levels["http"] = log_level::error;
  return settings;
}

} // namespace tutti::command
