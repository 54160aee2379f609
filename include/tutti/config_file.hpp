// Reads a bot's configuration file.
#pragma once

#include <tutti/config.hpp>
#include <tutti/result.hpp>

#include <string>

namespace tutti::config_file {

/// Reads YAML (or JSON, which is YAML). Keys spell like the official kits'; `pod`, `agent`,
/// `keyManager` and `sessionAuth` inherit the root host. `${VAR}`, `${VAR:-default}` and `$$` are
/// replaced in every value. Fails with `errc::misconfigured` and `file:line:column: key: what`.
TUTTI_API result<config> load(const std::string& path);

/// The same for a text; `name` stands for the file in errors.
TUTTI_API result<config> parse(const std::string& text, const std::string& name);

/// Every key with its default and a comment, as YAML that loads: `config/tutti.yaml`.
TUTTI_API std::string reference();

/// A JSON schema (draft 7) of the same keys, for editors: `config/tutti.schema.json`.
TUTTI_API std::string schema();

} // namespace tutti::config_file
