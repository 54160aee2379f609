// Who waits to be connected with whom, and when to ask the pod again; pure but for the promise.
#pragma once

#include <base/containers/slab.hpp>
#include <base/containers/timer_wheel.hpp>

#include <tutti/protocol/connections.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tutti {

template <class Promise>
class connect_attempts {
  struct entry {
    connect_users asked;
    Promise promise;
    std::chrono::steady_clock::time_point since;
    /// Of those who have been heard of.
    std::map<user_id, user_connection> states;
    timer_wheel::token deadline = 0;
  };

public:
  using id = typename slab<entry>::id;
  using time_point = std::chrono::steady_clock::time_point;

  /// What an attempt came to.
  struct ended {
    Promise promise;
    std::vector<user_connection> states;
    timer_wheel::token deadline = 0;
  };

  id add(connect_users asked, Promise promise, time_point now) {
    auto ticket = asked.ticket;
    auto made = all_.insert({std::move(asked), std::move(promise), now, {}, 0});
    if (ticket)
      tickets_[ticket] = made;
    return made;
  }

  /// The deadline it has, to be removed when it ends.
  void due(id which, timer_wheel::token when) { all_.find(which)->deadline = when; }

  /// Attempts of that caller.
  std::vector<id> of(const identity& as) {
    std::vector<id> found;
    for (auto each : all_.ids())
      if (all_.find(each)->asked.as == as)
        found.push_back(each);
    return found;
  }

  /// Records the state of one user's connection. Returns the end of the attempt when this decides
  /// it: the state of every user is known, and no answer is awaited or a user has declined.
  std::optional<ended> learn(id which, const user_connection& seen) {
    auto* one = all_.find(which);
    if (!one)
      return std::nullopt;
    one->states[seen.user] = seen;
    auto heard = one->states.size() == one->asked.users.size();
    auto declined = false;
    auto waiting = false;
    for (const auto& [user, state] : one->states) {
      declined = declined || state.status == connection_status::rejected;
      waiting = waiting || state.status != connection_status::accepted;
    }
    if (!heard || (waiting && one->asked.wait && !declined))
      return std::nullopt;
    return take(which);
  }

  /// Nothing for one that has ended.
  std::optional<ended> take(id which) {
    auto gone = all_.take(which);
    if (!gone)
      return std::nullopt;
    if (gone->asked.ticket)
      tickets_.erase(gone->asked.ticket);
    ended made{std::move(gone->promise), {}, gone->deadline};
    for (auto& [user, state] : gone->states)
      made.states.push_back(state);
    return made;
  }

  /// 0 when no attempt has this ticket.
  id with_ticket(call_ticket ticket) const {
    auto found = tickets_.find(ticket);
    return found == tickets_.end() ? 0 : found->second;
  }

  /// Whose answer is waited for, by caller.
  std::map<identity, std::vector<user_id>> waited_for() {
    std::map<identity, std::set<user_id>> found;
    for (auto each : all_.ids())
      for (const auto& [user, state] : all_.find(each)->states)
        if (state.status != connection_status::accepted)
          found[all_.find(each)->asked.as].insert(user);
    std::map<identity, std::vector<user_id>> made;
    for (const auto& [as, users] : found)
      made[as] = {users.begin(), users.end()};
    return made;
  }

  /// Attempts of that caller that wait for that user.
  std::vector<id> waiting_for(const identity& as, user_id user) {
    std::vector<id> found;
    for (auto each : all_.ids()) {
      const auto* one = all_.find(each);
      auto state = one->states.find(user);
      if (one->asked.as == as && state != one->states.end())
        found.push_back(each);
    }
    return found;
  }

  /// When to ask the pod again: a quarter of the youngest wait from now, from 1 s to 15 s; nothing
  /// when no attempt waits. People answer soon or take their time.
  std::optional<time_point> next_look(time_point now) {
    std::optional<time_point> youngest;
    for (auto each : all_.ids())
      if (const auto* one = all_.find(each); !one->states.empty())
        youngest = youngest ? std::max(*youngest, one->since) : one->since;
    if (!youngest)
      return std::nullopt;
    constexpr time_point::duration soonest = std::chrono::seconds{1};
    constexpr time_point::duration latest = std::chrono::seconds{15};
    return now + std::clamp((now - *youngest) / 4, soonest, latest);
  }

  /// Everybody's promise.
  std::vector<Promise> abandon() {
    std::vector<Promise> left;
    for (auto each : all_.ids())
      left.push_back(take(each)->promise);
    return left;
  }

private:
  slab<entry> all_;
  std::unordered_map<call_ticket, id> tickets_;
};

} // namespace tutti
