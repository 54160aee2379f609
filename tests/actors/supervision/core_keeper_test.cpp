// Every end a core actor can come to, in every state of the core.
#include <actors/supervision/core_keeper.hpp>

#include <gtest/gtest.h>

namespace {

using keeper = tutti::core_keeper<int>;
using action = keeper::action;

keeper of_three() {
  keeper made;
  made.watch(1, "http");
  made.watch(2, "auth");
  made.watch(3, "im");
  return made;
}

/// The whole core ends after a crash of 1.
keeper::next crash(keeper& core) {
  core.ended(1, false, "a defect");
  core.ended(2, false, "a defect");
  return core.ended(3, false, "a defect");
}

TEST(core_keeper, an_orderly_end_is_the_bot_s_stop) {
  auto core = of_three();
  for (int each : {3, 2, 1}) {
    auto [then, crashed] = core.ended(each, true, "");
    EXPECT_EQ(then, action::nothing);
    EXPECT_FALSE(crashed);
  }
}

TEST(core_keeper, a_crash_ends_the_rest) {
  auto core = of_three();
  auto [then, crashed] = core.ended(2, false, "a defect");
  EXPECT_EQ(then, action::end_rest);
  EXPECT_TRUE(crashed);
  EXPECT_EQ(core.rest(), (std::vector<int>{1, 3}));
  EXPECT_EQ(core.actor(), "auth");
  EXPECT_EQ(core.crash(), "the core's actor auth has crashed: a defect");
}

TEST(core_keeper, the_rest_s_ends_are_no_crashes) {
  auto core = of_three();
  core.ended(2, false, "a defect");
  auto [then, crashed] = core.ended(1, false, "told to end");
  EXPECT_EQ(then, action::nothing);
  EXPECT_FALSE(crashed);
  EXPECT_EQ(core.actor(), "auth");
}

TEST(core_keeper, a_core_is_made_when_the_last_one_is_gone) {
  auto core = of_three();
  core.ended(2, false, "a defect");
  core.ended(1, false, "");
  EXPECT_EQ(core.ended(3, true, "").then, action::make); // Also one that a stop has ended by now.
}

TEST(core_keeper, a_crash_after_orderly_ends_still_counts) {
  auto core = of_three();
  core.ended(3, true, "");
  core.ended(2, true, "");
  auto [then, crashed] = core.ended(1, false, "a defect");
  EXPECT_EQ(then, action::make);
  EXPECT_TRUE(crashed);
}

TEST(core_keeper, the_new_core_s_actors_are_watched_like_the_first_s) {
  auto core = of_three();
  ASSERT_EQ(crash(core).then, action::make);
  core.watch(4, "http");
  core.watch(5, "im");
  EXPECT_EQ(core.ended(5, true, "").then, action::nothing);
  EXPECT_EQ(core.rest(), (std::vector<int>{4}));
}

TEST(core_keeper, the_second_crash_is_final) {
  auto core = of_three();
  ASSERT_EQ(crash(core).then, action::make);
  core.watch(4, "http");
  core.watch(5, "im");
  auto first = core.ended(4, false, "again");
  EXPECT_EQ(first.then, action::end_rest);
  EXPECT_TRUE(first.crashed);
  EXPECT_EQ(core.ended(5, false, "").then, action::give_up);
}

TEST(core_keeper, what_is_not_watched_means_nothing) {
  auto core = of_three();
  EXPECT_EQ(core.ended(9, false, "a defect").then, action::nothing);
  EXPECT_EQ(core.rest().size(), 3U);
}

} // namespace
