// What a pod starts with, read from YAML.
#pragma once

#include <emulator/state/pod.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tutti::emulator {

/// The seed file as values.
struct seed {
  struct link {
    std::string from;
    std::string to;
    connection::state status = connection::state::pending;
  };

  struct given_app {
    app what;
    /// By username; nothing: everybody.
    std::optional<std::vector<std::string>> installed_for;
  };

  pod_options options;
  std::vector<company> companies;
  std::vector<user> users;
  std::vector<given_app> apps;
  std::vector<link> connections;
  /// How long each path takes to answer (by pattern, e.g. `/pod/v1/im/create`); `default` for
  /// others.
  std::map<std::string, std::chrono::milliseconds> service_times;
  /// `faults`, as JSON (see faults.hpp).
  std::string faults = "[]";
};

/// Reads a seed; throws std::runtime_error with `file:line: what`.
seed load_seed(const std::string& path);
seed parse_seed(const std::string& yaml, const std::string& name);

/// A pod in that state. Connections name users by username or e-mail.
std::shared_ptr<pod> make_pod(const seed& start);

/// Gives every service account and every app without a public key one: that of `folder/<name>.pem`
/// where this is there, else a new one whose private half is written there, readable by its owner
/// only.
void make_missing_keys(pod& state, const std::string& folder);

/// Service accounts and apps that cannot log in.
std::vector<std::string> without_key(const pod& state);

} // namespace tutti::emulator
