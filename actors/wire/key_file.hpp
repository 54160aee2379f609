// The bot's private key, from wherever the configuration says.
#pragma once

#include <actors/wire/jwt.hpp>

#include <tutti/config.hpp>
#include <tutti/export.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace tutti::wire {

/// A key as the configuration names it.
struct key_source {
  /// Whom it belongs to: the JWT's `sub`.
  std::string subject;
  secret_config given;
  /// The map of keys in the configuration, e.g. `bot.privateKey`.
  std::string place;
};

TUTTI_FRONT_DOOR key_source key_of(const bot_config& settings);
TUTTI_FRONT_DOOR key_source key_of(const app_config& settings);

/// The file's bytes, 64 KiB at most, in one piece of memory; nothing with errno for one that cannot
/// be read.
std::optional<std::string> read_secret(const std::string& path);

/// SHA-256, to know a text again without keeping it.
std::string digest(std::string_view text);

/// Overwrites it before its memory is given back.
void cleanse(std::string& secret) noexcept;

/// The text of the key, path or content. Reads a file: not on the loop. Fails with
/// `errc::login_refused`, code `key_file`.
TUTTI_FRONT_DOOR result<std::string> read_key(const key_source& where);

/// That text, parsed.
TUTTI_FRONT_DOOR result<signing_key> parse_key(const std::string& text, const key_source& where);

} // namespace tutti::wire
