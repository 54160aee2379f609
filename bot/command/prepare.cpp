// Loads, checks and shortens.
#include <bot/command/prepare.hpp>

#include <actors/off_thread.hpp>
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
std::optional<failure> unusable_of(const Account& given, const char* word,
                                   std::chrono::milliseconds timeout) {
  const auto& used = given.private_key.given() ? given.private_key : given.certificate;
  if (!used.given())
    return std::nullopt;
  // Both own what they use: a file that does not answer is left behind with its reader.
  auto look = [given, word = std::string{word}]() -> std::optional<failure> {
    if (given.private_key.given()) {
      auto where = wire::key_of(given);
      auto text = wire::read_key(where);
      auto key = text ? wire::parse_key(*text, where) : text.error();
      return key ? std::nullopt : std::optional{key.error()};
    }
    auto where = certificate_of(given.certificate, word);
    auto bytes = http::read_store(where);
    auto shown = bytes ? http::client_certificate::parse(*bytes, where) : bytes.error();
    return shown ? std::nullopt : std::optional{shown.error()};
  };
  if (used.path.empty())
    return look();
  auto seen = within(std::min(timeout, patience), look);
  if (seen)
    return *seen;
  return failure{errc::login_refused,
                 std::string{word} + (given.private_key.given() ? ".privateKey" : ".certificate") +
                     ".path: " + file_is_silent(used.path, std::min(timeout, patience)),
                 0, given.private_key.given() ? "key_file" : "key_certificate"};
}

/// Of the app only where there is no bot: few commands need it, and those are told.
std::optional<failure> unusable(const config& settings, std::chrono::milliseconds timeout) {
  if (settings.bot.username.empty())
    return unusable_of(settings.app, "app", timeout);
  return unusable_of(settings.bot, "bot", timeout);
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

result<config> prepare(const common_options& given, std::chrono::milliseconds timeout) {
  auto settings = config_file::load(given.config_path);
  if (!settings)
    return settings.error();
  if (auto wrong = unusable(*settings, timeout))
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
  if (given.log_level.empty()) {
    // That a host is lost stands in the answer already; dangers are the business of doctor.
    settings->log.levels["http"] = log_level::error;
    settings->log.levels["security"] = log_level::error;
  }
  return settings;
}

} // namespace tutti::command
