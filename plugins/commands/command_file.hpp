// The file of the plugin `commands`: what each command answers.
#pragma once

#include <tutti/messageml.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti::command_file {

struct entry {
  std::string pattern;
  std::string help;
  /// One of these three is set: a text, the content of a file of MessageML, a service to ask. In
  /// the first two `{name}` stands for an argument.
  std::string text;
  std::string messageml;
  std::string url;
  /// Sent to the service as `Authorization: Bearer`; empty: none.
  std::string token;
  std::chrono::milliseconds timeout{10'000};
  /// Said when the service has no answer.
  std::string unavailable = "I cannot answer that at the moment.";
};

/// Paths within count from the file's folder. Errors name file, line and key.
result<std::vector<entry>> read(const std::string& path);

/// With arguments in the place of their names; what is no argument's name stays.
std::string filled(std::string_view text,
                   const std::vector<std::pair<std::string, std::string>>& arguments);
/// Of MessageML, with its root or without. Throws `messageml::build_error`.
messageml::message message_of(std::string_view xml);
/// As text within XML.
std::string escaped(std::string_view text);

} // namespace tutti::command_file
