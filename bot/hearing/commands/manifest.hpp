// The manifest of a bot: its commands, for the menu that clients show after a slash.
#pragma once

#include <bot/hearing/commands/command_set.hpp>

#include <tutti/bot.hpp>
#include <tutti/commands/texts.hpp>
#include <tutti/config.hpp>
#include <tutti/log.hpp>
#include <tutti/result.hpp>
#include <tutti/task.hpp>

#include <cstddef>
#include <string>

namespace tutti::commands {

/// Commands that come from the bot itself.
inline constexpr const char* help_word = "/help";
inline constexpr const char* cancel_word = "/cancel";

/// What the pod takes (`ServiceAccountManifest` of its OpenAPI).
inline constexpr std::size_t longest_manifest = 6'144;

/// Of the commands that begin with a slash, those of the bot itself included.
std::string manifest_of(const command_set& all, const command_texts& texts);

/// What is to be published: that, or the file of the configuration; empty for nothing. Fails for
/// one that the pod would refuse.
result<std::string> wanted_manifest(const commands_config& rules, const command_set& all,
                                    const command_texts& texts);

/// Publishes it unless the pod has it already; tries again while the pod is away.
task<> publish_manifest(bot& owner, std::string text, logger log);

} // namespace tutti::commands
