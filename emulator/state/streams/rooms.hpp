// Rooms: who may make them, who is in them, who finds them.
#pragma once

#include <emulator/state/mint.hpp>
#include <emulator/state/people/connections.hpp>
#include <emulator/state/people/users.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti::emulator {

/// A room. Flags by their names in the API, those that were given.
struct room {
  struct member {
    bool owner = false;
    std::int64_t joined_at = 0;
  };

  std::string id;
  std::string name;
  std::string description;
  std::vector<std::pair<std::string, std::string>> keywords;
  std::map<std::string, bool> flags;
  std::map<uid, member> members;
  uid creator = 0;
  std::int64_t created_at = 0;
  bool active = true;

  bool has(const std::string& flag) const {
    auto found = flags.find(flag);
    return found != flags.end() && found->second;
  }
};

/// What a search for rooms asks for.
struct room_search {
  std::string text;
  std::optional<uid> member;
  std::optional<uid> creator;
  std::optional<uid> owner;
  std::optional<bool> active;
};

class rooms {
public:
  rooms(mint& ids, const users& people, const connections& known)
      : mint_(ids), users_(people), connections_(known) {}

  /// The rules of the API: a name of its own, no contradictory flags, the caller's entitlements.
  answer<const room*> create(const user& caller, room wanted, time_point now);
  answer<const room*> update(const user& caller, const std::string& id, const room& wanted);
  answer<const room*> set_active(const user& caller, const std::string& id, bool active);
  answer<bool> add_member(const user& caller, const std::string& id, uid whom, time_point now);
  answer<bool> remove_member(const user& caller, const std::string& id, uid whom);
  answer<bool> set_owner(const user& caller, const std::string& id, uid whom, bool owner);

  const std::map<std::string, room>& all() const { return rooms_; }
  /// Null for none.
  const room* find(const std::string& id) const;
  /// One the caller may see.
  answer<const room*> seen_by(const user& caller, const std::string& id) const;
  std::vector<const room*> search(const user& caller, const room_search& wanted) const;

private:
  std::optional<refusal> objection_to(const room& wanted, const user& caller) const;
  room* changeable(const std::string& id);
  /// The room, when the caller may change who is in it.
  answer<room*> room_to_change(const user& caller, const std::string& id, bool members_may);

  mint& mint_;
  const users& users_;
  const connections& connections_;
  /// By id, url-safe.
  std::map<std::string, room> rooms_;
};

} // namespace tutti::emulator
