// Decides which member of a room is next, when, and what the others get when the rest is given up.
#pragma once

#include <actors/rooms/member_throttle.hpp>

#include <tutti/protocol/rooms.hpp>

#include <cassert>
#include <cstdint>
#include <unordered_set>
#include <utility>
#include <vector>

namespace tutti {

/// Members on their way into a room, or out of it: one after the other, each with a call. Pure; the
/// rooms actor calls the pod, waits, and answers the asker.
class member_run {
public:
  using time_point = member_throttle::time_point;

  enum class action : std::uint8_t {
    /// Call the pod for `user()`; `answered` comes next.
    call,
    /// Wait until `when`, then call `turn_came`.
    wait,
    /// All users have an outcome.
    finish,
    /// What is under way goes on.
    nothing,
  };
  struct next {
    action then = action::nothing;
    time_point when{};
  };

  /// Each user counts once, in the order given.
  member_run(bool add, const std::vector<user_id>& users) : add_(add) {
    std::unordered_set<user_id> seen;
    for (auto user : users)
      if (seen.insert(user).second)
        users_.push_back({user, std::nullopt});
  }

  bool adds() const noexcept { return add_; }

  /// Who is in the room: who is in it is not added, who is not is not removed.
  void know(const std::unordered_set<user_id>& members) {
    members_ = members.size();
    for (const auto& each : users_)
      if (members.contains(each.user) == add_)
        settled_.insert(each.user);
  }

  /// The first user, or the next one.
  next go_on(member_throttle& pace, time_point now) {
    while (at_ < users_.size() && settled_.contains(users_[at_].user))
      ++at_;
    if (at_ == users_.size())
      return {action::finish, now};
    auto turn = pace.next(now, last_, members_);
    has_turn_ = turn.taken;
    if (turn.taken && turn.when <= now)
      return turn_came(pace, now);
    return {action::wait, turn.when};
  }

  /// The time of `wait` has come.
  next turn_came(member_throttle& pace, time_point now) {
    assert(!called_);
    if (!std::exchange(has_turn_, false))
      return go_on(pace, now);
    last_ = now;
    called_ = true;
    return {action::call, now};
  }

  /// Whom the pod is called for.
  user_id user() const { return users_[at_].user; }

  /// The pod's answer for `user()`.
  next answered(const result<void>& outcome, member_throttle& pace, time_point now) {
    called_ = false;
    auto& one = users_[at_++];
    if (!outcome)
      one.why_not = outcome.error();
    else if (add_)
      ++members_;
    else if (members_ > 0)
      --members_;
    if (broken_off_)
      return {action::finish, now};
    if (!outcome && outcome.error().error == errc::shutting_down)
      return {break_off(outcome.error()), now};
    return go_on(pace, now);
  }

  /// Those not reached yet get that failure; the answer for the one under way is still waited for.
  action break_off(const failure& why) {
    if (broken_off_)
      return action::nothing;
    give_up_rest(why);
    broken_off_ = called_;
    return called_ ? action::nothing : action::finish;
  }

  /// The same for the end of the actor, at which nothing is waited for.
  void end(failure why) {
    give_up_rest(why);
    if (!called_)
      return;
    why.detail += add_ ? "; this one may have been added" : "; this one may have been removed";
    users_[at_].why_not = std::move(why);
  }

  /// What has become of each user.
  std::vector<member_outcome> take() { return std::move(users_); }

private:
  void give_up_rest(const failure& why) {
    for (auto at = at_ + (called_ ? 1 : 0); at < users_.size(); ++at)
      if (!settled_.contains(users_[at].user) && !users_[at].why_not)
        users_[at].why_not = why;
  }

  bool add_;
  std::vector<member_outcome> users_;
  /// Those there is nothing to do for.
  std::unordered_set<user_id> settled_;
  /// The one that is next, or whose call is under way.
  std::size_t at_ = 0;
  /// As far as is known.
  std::size_t members_ = 0;
  bool has_turn_ = false;
  bool called_ = false;
  bool broken_off_ = false;
  time_point last_ = time_point::min();
};

} // namespace tutti
