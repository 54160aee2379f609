// Look-ups that travel together: one flies, what arrives meanwhile goes in the next.
#pragma once

#include <tutti/participants.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

namespace tutti {

/// Batching without delay for one question about users. `Promise` is what an asker is answered by.
/// Pure: the owner sends what `next()` gives and comes back with `landed()`.
template <class Promise>
class batch {
public:
  /// One asker with the users it asked for.
  struct asker {
    participant_set users;
    Promise promise;
  };

  void add(participant_set users, Promise promise) {
    waiting_.push_back({std::move(users), std::move(promise)});
  }

  /// The users to look up now: empty while a look-up flies or nobody waits. At most `limit` users,
  /// except that an asker with more than that travels alone and whole.
  participant_set next(std::size_t limit) {
    if (!flying_.empty() || waiting_.empty())
      return {};
    std::set<user_id> users;
    auto end = waiting_.begin();
    for (; end != waiting_.end(); ++end) {
      auto more = end->users.users();
      if (end != waiting_.begin() && users.size() + more.size() > limit)
        break;
      users.insert(more.begin(), more.end());
    }
    flying_.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return participant_set::of(std::vector<user_id>{users.begin(), users.end()});
  }

  /// A look-up is under way.
  bool flying() const noexcept { return !flying_.empty(); }

  /// The askers whose look-up has been answered; the next one may fly.
  std::vector<asker> landed() { return std::exchange(flying_, {}); }

  /// Everybody, at the end.
  std::vector<asker> abandon() {
    auto all = landed();
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(all));
    waiting_.clear();
    return all;
  }

private:
  std::vector<asker> waiting_;
  std::vector<asker> flying_;
};

/// Those of `users` that are in `found`.
inline participant_set among(const participant_set& users, const participant_set& found) {
  std::vector<user_id> both;
  std::set_intersection(users.users().begin(), users.users().end(), found.users().begin(),
                        found.users().end(), std::back_inserter(both));
  return participant_set::of(both);
}

/// Those of `users` that are not in `found`.
inline participant_set missing(const participant_set& users, const participant_set& found) {
  std::vector<user_id> rest;
  std::set_difference(users.users().begin(), users.users().end(), found.users().begin(),
                      found.users().end(), std::back_inserter(rest));
  return participant_set::of(rest);
}

} // namespace tutti
