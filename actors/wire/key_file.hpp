// The bot's private key, from wherever the configuration says.
#pragma once

#include <actors/wire/jwt.hpp>

#include <tutti/config.hpp>

#include <string>

namespace tutti::wire {

/// The text of the key, path or content. Reads a file: not on the loop. Fails with
/// `errc::login_refused`, code `key_file`.
result<std::string> read_key(const bot_config& settings);

/// That text, parsed.
result<signing_key> parse_key(const std::string& text, const bot_config& settings);

} // namespace tutti::wire
