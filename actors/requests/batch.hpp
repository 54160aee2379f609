// Look-ups that travel together: one flies, what arrives meanwhile goes in the next.
#pragma once

#include <tutti/participants.hpp>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tutti {

/// What can be looked up together: users by their ids, or names.
using name_set = std::set<std::string>;

inline std::span<const user_id> items_of(const participant_set& asked) {
  return asked.users();
}
inline const name_set& items_of(const name_set& asked) {
  return asked;
}
inline participant_set together(const std::set<user_id>& users) {
  return participant_set::of(std::vector<user_id>{users.begin(), users.end()});
}
inline name_set together(name_set names) {
  return names;
}

/// What a call names in its query is bounded in bytes, too: servers take some 8 KB.
inline constexpr std::size_t most_query_bytes = 4'000;

/// Bytes of one in a query, percent-encoded, with the comma behind it.
inline std::size_t bytes_of(user_id) {
  return 20;
}
inline std::size_t bytes_of(const std::string& name) {
  constexpr std::string_view plain = "-._~"; // With letters and digits: RFC 3986, 2.3.
  std::size_t bytes = 1;
  for (unsigned char c : name)
    bytes += (c < 128 && std::isalnum(c)) || plain.find(static_cast<char>(c)) != plain.npos ? 1 : 3;
  return bytes;
}

/// Batching without delay for one question about users. `Promise` is what an asker is answered by,
/// `Asked` what it asks for. Pure: the owner sends what `next()` gives and comes back with
/// `answered()`.
template <class Promise, class Asked = participant_set>
class batch {
  using item = std::remove_cvref_t<decltype(*items_of(std::declval<const Asked&>()).begin())>;

public:
  /// One asker with the users it asked for.
  struct asker {
    Asked users;
    Promise promise;
  };

  void add(Asked users, Promise promise) {
    waiting_.push_back({std::move(users), std::move(promise)});
  }

  /// The users to look up now: empty while a look-up flies or no asker waits. At most `limit`
  /// users; no single asker asks for more.
  Asked next(std::size_t limit) {
    if (!in_flight_.empty() || waiting_.empty())
      return {};
    std::set<item> users;
    std::size_t bytes = 0;
    auto end = waiting_.begin();
    for (; end != waiting_.end(); ++end) {
      const auto& more = items_of(end->users);
      for (const auto& each : more)
        bytes += bytes_of(each);
      if (end != waiting_.begin() &&
          (users.size() + more.size() > limit || bytes > most_query_bytes))
        break;
      users.insert(more.begin(), more.end());
    }
    in_flight_.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    return together(std::move(users));
  }

  /// A look-up is under way.
  bool in_flight() const noexcept { return !in_flight_.empty(); }

  /// The askers whose look-up has been answered; the next one may fly.
  std::vector<asker> answered() { return std::exchange(in_flight_, {}); }

  /// Everybody, at the end.
  std::vector<asker> abandon() {
    auto all = answered();
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(all));
    waiting_.clear();
    return all;
  }

private:
  std::vector<asker> waiting_;
  std::vector<asker> in_flight_;
};

/// Those of `users` that are in `found`.
inline participant_set among(const participant_set& users, const participant_set& found) {
  std::vector<user_id> both;
  std::set_intersection(users.users().begin(), users.users().end(), found.users().begin(),
                        found.users().end(), std::back_inserter(both));
  return participant_set::of(both);
}

/// Those of `found` whose name is in `names`.
template <class Found>
std::map<std::string, Found> among(const name_set& names,
                                   const std::map<std::string, Found>& found) {
  std::map<std::string, Found> both;
  for (const auto& name : names)
    if (auto one = found.find(name); one != found.end())
      both.insert(*one);
  return both;
}

/// Those of `users` that are not in `found`.
inline participant_set missing(const participant_set& users, const participant_set& found) {
  std::vector<user_id> rest;
  std::set_difference(users.users().begin(), users.users().end(), found.users().begin(),
                      found.users().end(), std::back_inserter(rest));
  return participant_set::of(rest);
}

} // namespace tutti
