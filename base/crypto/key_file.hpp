// The bot's private key, from wherever the configuration says.
#pragma once

#include <base/crypto/jwt.hpp>

#include <tutti/config.hpp>
#include <tutti/export.hpp>

#include <string>
#include <string_view>

namespace tutti::crypto {

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

/// SHA-256, to know a text again without keeping it.
std::string digest(std::string_view text);

/// The text of the key, path or content. Reads a file: not on the loop. Fails with
/// `errc::login_refused`, code `key_file`.
TUTTI_FRONT_DOOR result<std::string> read_key(const key_source& where);

/// That text, parsed.
TUTTI_FRONT_DOOR result<signing_key> parse_key(const std::string& text, const key_source& where);

/// Both; the text is overwritten.
TUTTI_FRONT_DOOR result<signing_key> load_key(const key_source& where);

} // namespace tutti::crypto
