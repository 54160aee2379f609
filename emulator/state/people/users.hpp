// The companies and their users: who they are, who sees whom, what an administrator allows them.
#pragma once

#include <emulator/state/values.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tutti::emulator {

/// A company's pod. Users of pods that are not linked cannot meet.
struct company {
  std::int64_t id = 0;
  std::string name;
  std::set<std::int64_t> linked;
};

struct user {
  uid id = 0;
  std::int64_t company = 0;
  std::string username;
  std::string email;
  std::string display_name;
  /// A service account (accountType SYSTEM) or a person (NORMAL).
  bool service_account = false;
  bool active = true;
  std::set<std::string> roles;
  std::map<std::string, bool> features;
  /// What clients complete commands from: JSON; empty for none.
  std::string manifest{};
  /// PEM; empty for who cannot log in.
  std::string public_key;

  bool has(const std::string& feature) const {
    auto found = features.find(feature);
    return found != features.end() && found->second;
  }
  bool may_provision() const { return roles.contains("USER_PROVISIONING"); }
};

class users {
public:
  void add(company which);
  /// Gives the id `company << 36 | counter` when none is set; answers it.
  uid add(user who);
  void set_public_key(uid who, std::string pem);

  const std::map<uid, user>& all() const { return users_; }
  /// Null for none.
  const user* find(uid id) const;
  /// The first, of that company when one is given; null for none.
  const user* find(std::string_view name_or_email,
                   std::optional<std::int64_t> company = std::nullopt) const;
  /// One that is there.
  const user& at(uid id) const { return users_.at(id); }

  std::string company_name(std::int64_t id) const;
  bool linked(std::int64_t from, std::int64_t to) const;

  /// The users with these ids whom the caller can see; `local`: of its own pod only.
  std::vector<const user*> visible(const user& caller, const std::vector<uid>& ids,
                                   bool local) const;
  std::vector<const user*> visible_by(const user& caller, const std::vector<std::string>& names,
                                      bool email, bool local) const;

  answer<const user*> features_of(const user& caller, uid whom) const;
  void set_manifest(uid whose, std::string text) { users_.at(whose).manifest = std::move(text); }
  answer<bool> update_features(const user& caller, uid whom, const std::map<std::string, bool>& to);

private:
  bool external_visible(const user& caller, const user& other) const;

  std::map<std::int64_t, company> companies_;
  /// How many ids each company has given out.
  std::map<std::int64_t, std::int64_t> counters_;
  std::map<uid, user> users_;
};

} // namespace tutti::emulator
