// Connections between users of different pods: who may ask whom, and what becomes of it.
#pragma once

#include <emulator/state/people/users.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tutti::emulator {

struct connection {
  enum class state { pending, accepted, rejected };
  uid requester = 0;
  state status = state::pending;
  std::int64_t requested_at = 0;
  std::int64_t updated_at = 0;
  int counter = 1;
};

/// A connection as one side sees it.
struct connection_view {
  uid other = 0;
  std::string status;
  std::optional<connection> details;
};

class connections {
public:
  explicit connections(const users& people) : users_(people) {}

  /// What a seed says: no rule is asked.
  void set(uid one, uid other, connection::state status);

  /// Users of one pod always are.
  bool connected(const user& one, const user& other) const;

  answer<connection_view> with(const user& caller, uid other) const;
  std::vector<connection_view> list(const user& caller, const std::string& status,
                                    const std::vector<uid>& others) const;
  answer<connection_view> request(const user& caller, uid other, time_point now);
  answer<connection_view> accept(const user& caller, uid other, time_point now);
  answer<connection_view> reject(const user& caller, uid other, time_point now);
  answer<bool> remove(const user& caller, uid other, time_point now);

private:
  connection* find(uid one, uid other);
  const connection* find(uid one, uid other) const;

  const users& users_;
  std::map<std::pair<uid, uid>, connection> connections_;
};

} // namespace tutti::emulator
