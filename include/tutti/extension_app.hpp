// Extension apps: what their front ends and the pod show each other.
#pragma once

#include <tutti/ids.hpp>

#include <chrono>
#include <string>

namespace tutti {

/// The pair of tokens by which an app's front end and Symphony's client trust each other (schema
/// ExtensionAppTokens). Both are secrets.
struct app_tokens {
  std::string app_id;
  /// Made by the app.
  std::string app_token;
  /// Made by the pod for it.
  std::string symphony_token;
  std::chrono::system_clock::time_point expires{};
};

/// The user a front end acts for, by the JWT the pod has given it.
struct app_user {
  user_id id;
  std::string username;
  std::string display_name;
  std::string email;
  std::string company;
  /// When the JWT ends.
  std::chrono::system_clock::time_point expires{};
};

} // namespace tutti
