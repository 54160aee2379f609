// `tutti room`, `tutti stream`, `tutti connection` and `tutti say`.
#pragma once

#include <bot/command/verbs/asking.hpp>

#include <CLI/App.hpp>

#include <functional>
#include <memory>

namespace tutti::command {

/// What the verbs need of the command line they are part of.
struct verb_parts {
  /// Adds `--config` and those that go with it.
  std::function<void(CLI::App&, common_options&)> add_common;
  /// Reads `30s` and its like; throws CLI::ValidationError.
  std::function<std::chrono::milliseconds(const std::string&)> read_time;
  /// What will be done; set when a verb was given.
  std::function<int()>* act = nullptr;
};

/// Options live as long as `app`.
void add_room_verbs(CLI::App& app, const verb_parts& parts);
void add_stream_verbs(CLI::App& app, const verb_parts& parts);
void add_connection_verbs(CLI::App& app, const verb_parts& parts);
void add_message_verbs(CLI::App& app, const verb_parts& parts);

} // namespace tutti::command
