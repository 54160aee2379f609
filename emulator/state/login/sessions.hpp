// Sessions of users and apps: how they begin, whose they are, how they end.
#pragma once

#include <emulator/state/login/apps.hpp>
#include <emulator/state/login/own_key.hpp>
#include <emulator/state/mint.hpp>
#include <emulator/state/people/users.hpp>

#include <map>
#include <string>
#include <string_view>

namespace tutti::emulator {

class sessions {
public:
  sessions(const pod_options& options, mint& words, const users& people, const apps& known,
           own_key& key)
      : options_(options), mint_(words), users_(people), apps_(known), own_key_(key) {}

  // -- logins -------------------------------------------------------------------

  /// A session token for a login JWT: RS512, `sub` known, `exp` ahead by at most 5 minutes, signed
  /// with the registered key. Everything else is a 401.
  answer<std::string> log_in(const std::string& jwt, time_point now);
  /// The same at the key manager; its token is none of the pod's sessions, and lasts as long.
  answer<std::string> log_in_to_key_manager(const std::string& jwt, time_point now);
  /// A session of an app, for a JWT whose `sub` is its id.
  answer<std::string> log_in_app(const std::string& jwt, time_point now);
  /// A user's session for an app that has one: it has to be enabled, may `ACT_AS_USER` and is
  /// installed for that user. `whom`: null for a user that does not exist.
  answer<std::string> log_in_user(std::string_view app_session, const user* whom, time_point now);
  /// The same for a client certificate with that common name. The documents give 400, 403 and 500
  /// for what goes wrong: 400 without a certificate, 403 for one that belongs to no account.
  answer<std::string> log_in_by_certificate(const std::string& name, time_point now);
  answer<std::string> log_in_to_key_manager_by_certificate(const std::string& name, time_point now);
  answer<std::string> log_in_app_by_certificate(const std::string& name, time_point now);
  /// A session for that user, however it proved who it is.
  std::string open(uid owner, time_point now);

  // -- sessions -----------------------------------------------------------------

  /// Whose session that is; null for a token that is unknown or has expired.
  const user* user_of(std::string_view token, time_point now) const;
  /// The app whose own session that is; empty for none.
  std::string app_of(std::string_view token, time_point now) const;
  /// The app that acts in a user's session; null for the user's own.
  const app* app_behind(std::string_view token) const;
  /// The one an app means by a name: of its own company; null for none.
  const user* user_for_app(std::string_view app_session, std::string_view name,
                           time_point now) const;
  /// Whether that is a token of the key manager, and the user's.
  bool has_keys(const user& who, std::string_view token, time_point now) const;
  /// Ends one session; false when there is none with that token.
  bool log_out(std::string_view token);
  /// Ends all sessions, as an administrator's logout does.
  void expire_all();

  // -- common JWTs --------------------------------------------------------------

  /// A common JWT for a session; empty for a session that has ended.
  std::string common_jwt(std::string_view token, time_point now);
  /// The user a call with that JWT acts as; null for none.
  const user* user_of_jwt(std::string_view jwt, time_point now) const;

private:
  struct session {
    /// 0: the app itself.
    uid owner = 0;
    time_point expires;
    /// Empty for a user's own.
    std::string app;
  };

  answer<uid> owner_of(const std::string& jwt, time_point now) const;
  std::string begin(uid owner, std::string app, time_point now);
  std::string hand_out_keys(uid owner, time_point now);
  answer<uid> owner_by_certificate(const std::string& name) const;
  const session* find(std::string_view token, time_point now) const;

  const pod_options& options_;
  mint& mint_;
  const users& users_;
  const apps& apps_;
  own_key& own_key_;
  std::map<std::string, session, std::less<>> sessions_;
  std::map<std::string, session, std::less<>> jwts_;
  std::map<std::string, session, std::less<>> key_manager_;
};

} // namespace tutti::emulator
