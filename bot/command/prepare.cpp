// Loads, checks and shortens.
#include <bot/command/prepare.hpp>

#include <bot/process/account_check.hpp>

#include <tutti/config_file.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>

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

/// Of the app only where there is no bot: few commands need it, and those report it.
std::optional<failure> unusable(const config& settings, std::chrono::milliseconds timeout) {
  const auto time = std::min(timeout, patience);
  auto wrong =
      settings.bot.username.empty() ? flaw_of_app(settings, time) : flaw_of_bot(settings, time);
  return wrong ? std::optional{std::move(wrong->why)} : std::nullopt;
}

} // namespace

void be_brief(config& settings) {
  // They run elsewhere, at the same time and on the same ports.
  settings.plugins.clear();
  // Nothing reads the health of a command, and a command ends when it has written its answer.
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
  for (const auto& each : settings->notes)
    std::cerr << "tutti: " << each << "\n";
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
    // The answer already reports a lost host; `tutti doctor` reports dangers.
    settings->log.levels["http"] = log_level::error;
    settings->log.levels["security"] = log_level::error;
  }
  return settings;
}

} // namespace tutti::command
