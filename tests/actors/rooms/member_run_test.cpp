// Every step of a member run, with every event it can meet.
#include <actors/rooms/member_run.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using action = member_run::action;

user_id user(std::int64_t id) {
  return *user_id::make(id);
}

std::vector<user_id> users(std::initializer_list<std::int64_t> ids) {
  std::vector<user_id> all;
  for (auto id : ids)
    all.push_back(user(id));
  return all;
}

const failure refused{errc::rejected, "no", 0, {}};
const failure stopping{errc::shutting_down, "the bot is stopping", 0, {}};
const failure cancelled{errc::cancelled, "taken back", 0, {}};

class member_run_test : public ::testing::Test {
public:
  member_run adding(std::initializer_list<std::int64_t> ids) { return {true, users(ids)}; }

  /// The whole run when the pod answers each call with `outcome` at once.
  std::vector<user_id> run_out(member_run& one, const result<void>& outcome = {}) {
    std::vector<user_id> called;
    auto step = one.go_on(pace, now);
    while (step.then != action::finish) {
      if (step.then == action::wait) {
        now = step.when;
        step = one.turn_came(pace, now);
      } else {
        called.push_back(one.user());
        step = one.answered(outcome, pace, now);
      }
    }
    return called;
  }

  member_throttle pace;
  member_run::time_point now{1h};
};

TEST_F(member_run_test, the_first_is_called_for_at_once) {
  auto one = adding({1, 2});
  EXPECT_EQ(one.go_on(pace, now).then, action::call);
  EXPECT_EQ(one.user(), user(1));
}

TEST_F(member_run_test, the_next_waits_for_its_turn) {
  auto one = adding({1, 2});
  one.go_on(pace, now);
  auto step = one.answered({}, pace, now);
  EXPECT_EQ(step.then, action::wait);
  EXPECT_EQ(step.when, now + member_throttle::between_any);
  EXPECT_EQ(one.turn_came(pace, step.when).then, action::call);
  EXPECT_EQ(one.user(), user(2));
}

TEST_F(member_run_test, a_turn_is_used_once) {
  auto one = adding({1, 2});
  one.go_on(pace, now);
  auto step = one.answered({}, pace, now);
  one.turn_came(pace, step.when);
  one.answered({}, pace, step.when);
  EXPECT_EQ(one.turn_came(pace, step.when).then, action::finish);
}

TEST_F(member_run_test, it_finishes_with_the_last_answer) {
  auto one = adding({1});
  one.go_on(pace, now);
  EXPECT_EQ(one.answered({}, pace, now).then, action::finish);
  EXPECT_FALSE(one.take().front().why_not);
}

TEST_F(member_run_test, without_users_it_finishes_at_once) {
  auto one = adding({});
  EXPECT_EQ(one.go_on(pace, now).then, action::finish);
}

TEST_F(member_run_test, a_user_given_twice_counts_once) {
  auto one = adding({1, 2, 1});
  EXPECT_EQ(run_out(one), users({1, 2}));
  EXPECT_EQ(one.take().size(), 2U);
}

TEST_F(member_run_test, a_refusal_is_that_user_s_alone) {
  auto one = adding({1, 2});
  one.go_on(pace, now);
  auto step = one.answered(refused, pace, now);
  ASSERT_EQ(step.then, action::wait);
  one.turn_came(pace, step.when);
  one.answered({}, pace, step.when);
  auto all = one.take();
  EXPECT_EQ(all[0].why_not->error, errc::rejected);
  EXPECT_FALSE(all[1].why_not);
}

TEST_F(member_run_test, who_is_in_the_room_is_not_added) {
  auto one = adding({1, 2, 3});
  one.know({user(1), user(3)});
  EXPECT_EQ(run_out(one), users({2}));
}

TEST_F(member_run_test, who_is_not_in_the_room_is_not_removed) {
  member_run one{false, users({1, 2, 3})};
  one.know({user(2), user(9)});
  EXPECT_EQ(run_out(one), users({2}));
}

TEST_F(member_run_test, a_large_room_has_its_own_pace) {
  std::unordered_set<user_id> many;
  for (std::size_t i = 0; i <= member_throttle::many; ++i)
    many.insert(user(static_cast<std::int64_t>(1'000 + i)));
  auto one = adding({1, 2});
  one.know(many);
  EXPECT_EQ(one.go_on(pace, now).then, action::call);
  auto step = one.answered({}, pace, now);
  EXPECT_EQ(step.then, action::wait);
  EXPECT_EQ(step.when, now + member_throttle::between_many);
  // Meanwhile other rooms may take turns: this one asks for one again.
  EXPECT_EQ(one.turn_came(pace, step.when).then, action::call);
}

TEST_F(member_run_test, a_room_grows_past_the_bound_by_its_own_members) {
  std::unordered_set<user_id> many;
  for (std::size_t i = 0; i < member_throttle::many; ++i)
    many.insert(user(static_cast<std::int64_t>(1'000 + i)));
  auto one = adding({1, 2});
  one.know(many);
  one.go_on(pace, now);
  EXPECT_EQ(one.answered({}, pace, now).when, now + member_throttle::between_many);
}

TEST_F(member_run_test, broken_off_before_a_call_it_finishes) {
  auto one = adding({1, 2});
  EXPECT_EQ(one.break_off(cancelled), action::finish);
  for (const auto& each : one.take())
    EXPECT_EQ(each.why_not->error, errc::cancelled);
}

TEST_F(member_run_test, broken_off_while_it_waits_it_finishes) {
  auto one = adding({1, 2});
  one.go_on(pace, now);
  one.answered({}, pace, now);
  EXPECT_EQ(one.break_off(cancelled), action::finish);
  auto all = one.take();
  EXPECT_FALSE(all[0].why_not);
  EXPECT_EQ(all[1].why_not->error, errc::cancelled);
}

TEST_F(member_run_test, broken_off_in_a_call_it_waits_for_the_answer) {
  auto one = adding({1, 2});
  one.go_on(pace, now);
  EXPECT_EQ(one.break_off(cancelled), action::nothing);
  EXPECT_EQ(one.break_off(stopping), action::nothing); // The first reason counts.
  EXPECT_EQ(one.answered({}, pace, now).then, action::finish);
  auto all = one.take();
  EXPECT_FALSE(all[0].why_not);
  EXPECT_EQ(all[1].why_not->error, errc::cancelled);
}

TEST_F(member_run_test, those_there_is_nothing_to_do_for_do_not_fail_with_the_rest) {
  auto one = adding({1, 2});
  one.know({user(2)});
  one.break_off(cancelled);
  EXPECT_FALSE(one.take()[1].why_not);
}

TEST_F(member_run_test, a_bot_that_stops_ends_it) {
  auto one = adding({1, 2});
  one.go_on(pace, now);
  EXPECT_EQ(one.answered(stopping, pace, now).then, action::finish);
  for (const auto& each : one.take())
    EXPECT_EQ(each.why_not->error, errc::shutting_down);
}

TEST_F(member_run_test, at_the_actor_s_end_the_call_under_way_may_have_acted) {
  auto one = adding({1, 2});
  one.go_on(pace, now);
  one.end(stopping);
  auto all = one.take();
  EXPECT_NE(all[0].why_not->detail.find("may have been added"), std::string::npos);
  EXPECT_EQ(all[1].why_not->detail, stopping.detail);
}

TEST_F(member_run_test, at_the_actor_s_end_no_call_is_spoken_of_where_there_is_none) {
  member_run one{false, users({1})};
  one.end(stopping);
  EXPECT_EQ(one.take()[0].why_not->detail, stopping.detail);
}

} // namespace
