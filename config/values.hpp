// The types a configuration value can have: read from text, spelt as text, named in the schema.
#pragma once

#include <tutti/config.hpp>

#include <concepts>
#include <string>
#include <vector>

namespace tutti::config_file {

/// Each `read` sets `into`, or `wrong` to what is the matter with the text.
void read(const std::string& text, std::string& into, std::string& wrong);
void read(const std::string& text, bool& into, std::string& wrong);
void read(const std::string& text, std::uint16_t& into, std::string& wrong); // A TCP port.
void read(const std::string& text, std::int32_t& into, std::string& wrong);
void read(const std::string& text, std::size_t& into, std::string& wrong);
void read(const std::string& text, double& into, std::string& wrong);
void read(const std::string& text, std::chrono::milliseconds& into, std::string& wrong);
void read(const std::string& text, multi_party& into, std::string& wrong);
void read(const std::string& text, connect_policy& into, std::string& wrong);
void read(const std::string& text, outbox_marker& into, std::string& wrong);
void read(const std::string& text, command_mention& into, std::string& wrong);
void read(const std::string& text, event_source& into, std::string& wrong);
void read(const std::string& text, start_policy& into, std::string& wrong);
void read(const std::string& text, log_level& into, std::string& wrong);
void read(const std::string& text, log_format& into, std::string& wrong);

/// Each `spell` answers a text that `read` reads back; empty for an empty string.
std::string spell(const std::string& value);
std::string spell(bool value);
std::string spell(double value);
std::string spell(std::chrono::milliseconds value);
std::string spell(multi_party value);
std::string spell(connect_policy value);
std::string spell(outbox_marker value);
std::string spell(command_mention value);
std::string spell(event_source value);
std::string spell(start_policy value);
std::string spell(log_level value);
std::string spell(log_format value);
/// A port that is not given is 0.
inline std::string spell(std::uint16_t port) {
  return port == 0 ? "" : std::to_string(port);
}
std::string spell(std::integral auto value) {
  return std::to_string(value);
}
/// No key has a list that is not empty unless it is given.
inline std::string spell(const std::vector<std::string>&) {
  return {};
}

/// What the JSON schema says of a type.
struct schema_type {
  /// `integer`, `number`, `string`, or `array` of strings.
  std::string name;
  /// The only words there are; empty for any.
  std::vector<std::string> words;
};

inline schema_type type_of(const std::string&) {
  return {"string", {}};
}
inline schema_type type_of(const std::vector<std::string>&) {
  return {"array", {}};
}
inline schema_type type_of(double) {
  return {"number", {}};
}
inline schema_type type_of(bool) {
  return {"boolean", {}};
}
inline schema_type type_of(std::integral auto) {
  return {"integer", {}};
}
inline schema_type type_of(std::chrono::milliseconds) {
  return {"duration", {}};
}
schema_type type_of(multi_party);
schema_type type_of(connect_policy);
schema_type type_of(outbox_marker);
schema_type type_of(command_mention);
schema_type type_of(event_source);
schema_type type_of(start_policy);
schema_type type_of(log_level);
schema_type type_of(log_format);

} // namespace tutti::config_file
