// IMs and MIMs: one for each set of members.
#pragma once

#include <emulator/state/mint.hpp>
#include <emulator/state/people/connections.hpp>
#include <emulator/state/people/users.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tutti::emulator {

struct conversation {
  std::string id;
  std::set<uid> members;
  uid creator = 0;
  std::int64_t created_at = 0;
};

class conversations {
public:
  conversations(const pod_options& options, mint& ids, const users& people,
                const connections& known)
      : options_(options), mint_(ids), users_(people), connections_(known) {}

  /// R1-R30 of the Create IM page. `given` is the list as it came. Answers the stream's id.
  answer<std::string> create(const user& caller, const std::vector<uid>& given, time_point now);
  answer<std::string> create_without_caller(const user& caller, const std::vector<uid>& given,
                                            time_point now);

  const std::map<std::set<uid>, conversation>& all() const { return conversations_; }
  /// The one with exactly these members; null for none.
  const conversation* of(const std::set<uid>& members) const;
  /// By id, in either Base64 dialect; null for none.
  const conversation* find(const std::string& id) const;

private:
  std::optional<refusal> obstacle(const user& one, const user& other) const;
  answer<std::string> open(const user& caller, const std::set<uid>& members, time_point now);

  const pod_options& options_;
  mint& mint_;
  const users& users_;
  const connections& connections_;
  std::map<std::set<uid>, conversation> conversations_;
  std::map<std::string, const conversation*> by_id_;
};

} // namespace tutti::emulator
