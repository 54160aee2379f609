// Apps: what an administrator has allowed them, and how they prove who they are.
#pragma once

#include <emulator/state/values.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>

namespace tutti::emulator {

/// An app that acts on behalf of users (OBO).
struct app {
  std::string id;
  bool enabled = true;
  /// e.g. `ACT_AS_USER`, `SEND_MESSAGES`.
  std::set<std::string> permissions;
  /// Users it is installed for; nothing: everybody of its company.
  std::optional<std::set<uid>> installed;
  std::int64_t company = 0;
  /// PEM; empty for one that cannot log in.
  std::string public_key;
};

class apps {
public:
  void add(app which);
  void set_public_key(const std::string& id, std::string pem);

  const std::map<std::string, app>& all() const { return apps_; }
  /// Null for none.
  const app* find(const std::string& id) const;
  /// The one whose login's JWT that is.
  answer<const app*> of_jwt(const std::string& jwt, time_point now) const;

private:
  std::map<std::string, app> apps_;
};

} // namespace tutti::emulator
