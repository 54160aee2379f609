// The circle of trust of an extension app: what its front end shows the pod, and the pod's JWT for
// one of its users.
#pragma once

#include <emulator/state/login/apps.hpp>
#include <emulator/state/login/own_key.hpp>
#include <emulator/state/mint.hpp>
#include <emulator/state/people/users.hpp>

#include <string>

namespace tutti::emulator {

struct app_tokens {
  std::string app_id;
  std::string app_token;
  std::string symphony_token;
  time_point expires;
};

class extension_apps {
public:
  extension_apps(const pod_options& options, mint& words, const users& people, const apps& known,
                 own_key& key)
      : options_(options), mint_(words), users_(people), apps_(known), own_key_(key) {}

  /// For an app that shows a login JWT.
  answer<app_tokens> trust(const std::string& jwt, const std::string& app_token, time_point now);
  /// For an app by certificate; `app_id`: the certificate's common name, empty for none.
  answer<app_tokens> trust_by_certificate(const std::string& app_id, const std::string& app_token,
                                          time_point now);
  /// The JWT the pod gives an extension app's front end for one of its users.
  std::string jwt_for(const std::string& app_id, const user& whom, time_point now);

private:
  answer<app_tokens> tokens_of(const app& which, const std::string& app_token, time_point now);

  const pod_options& options_;
  mint& mint_;
  const users& users_;
  const apps& apps_;
  own_key& own_key_;
};

} // namespace tutti::emulator
