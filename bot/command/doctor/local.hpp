// What `tutti doctor` can check without a network: the configuration, keys and certificates.
#pragma once

#include <bot/command/doctor/report.hpp>

#include <actors/auth/login_prover.hpp>
#include <tutti/config.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace tutti::command {

/// How long any one check may take.
constexpr std::chrono::milliseconds doctor_patience{5'000};

/// Reads the configuration and checks it as a bot does at its start. Nothing when it cannot be
/// used.
std::optional<config> check_config(doctor_report& report, const std::string& path);

/// What the bot logs in with, when it can be used.
std::optional<login_proof> check_bot_proof(doctor_report& report, const config& settings);
/// The same for the app that acts on behalf of users.
std::optional<login_proof> check_app_proof(doctor_report& report, const config& settings);

} // namespace tutti::command
