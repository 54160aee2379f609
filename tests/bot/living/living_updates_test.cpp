#include <bot/hearing/living/living_updates.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace tutti {
namespace {

using namespace std::chrono_literals;

constexpr living_updates::time_point morning{std::chrono::hours{24 * 365 * 56}};

struct living_updates_test : ::testing::Test {
  living_updates all;

  std::string next(std::chrono::milliseconds at) {
    const auto came = all.next(morning + at);
    return came ? came->what.messageml() : "";
  }
  static std::string shown(const char* text) { return outgoing_message{text}.messageml(); }
};

TEST_F(living_updates_test, what_is_overtaken_is_not_sent) {
  const auto one = all.add(morning);
  all.show(one, "a");
  all.show(one, "b");
  EXPECT_EQ(next(499ms), "");
  EXPECT_EQ(all.when(), morning + 500ms);
  EXPECT_EQ(next(500ms), shown("b"));
  EXPECT_EQ(next(5s), "");
}

TEST_F(living_updates_test, one_is_under_way_at_a_time) {
  const auto one = all.add(morning);
  all.show(one, "a");
  EXPECT_EQ(next(500ms), shown("a"));
  all.show(one, "b");
  EXPECT_EQ(next(2s), "");
  EXPECT_FALSE(all.answered(one));
  EXPECT_EQ(next(2s), shown("b"));
}

TEST_F(living_updates_test, two_a_second_though_answers_are_fast) {
  const auto one = all.add(morning);
  int sent = 0;
  for (auto at = 0ms; at < 10s; at += 10ms) {
    all.show(one, std::to_string(at.count()));
    if (!next(at).empty()) {
      ++sent;
      all.answered(one);
    }
  }
  EXPECT_EQ(sent, 19); // The first half second is that of the message itself.
}

TEST_F(living_updates_test, the_last_state_is_sent_after_one_under_way) {
  const auto one = all.add(morning);
  all.show(one, "a");
  EXPECT_EQ(next(500ms), shown("a"));
  EXPECT_FALSE(all.end(one, outgoing_message{"done"}));
  all.show(one, "nothing after its end");
  EXPECT_FALSE(all.answered(one));
  const auto last = all.next(morning + 1s);
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->last);
  EXPECT_EQ(last->what.messageml(), shown("done"));
  EXPECT_TRUE(all.answered(one));
  EXPECT_EQ(all.size(), 0U);
}

TEST_F(living_updates_test, what_is_shown_already_needs_no_update_at_the_end) {
  const auto one = all.add(morning);
  EXPECT_TRUE(all.end(one, std::nullopt));
  EXPECT_EQ(all.size(), 0U);
}

TEST_F(living_updates_test, the_end_waits_for_the_update_under_way) {
  const auto one = all.add(morning);
  all.show(one, "a");
  EXPECT_EQ(next(500ms), shown("a"));
  EXPECT_FALSE(all.end(one, std::nullopt));
  EXPECT_TRUE(all.answered(one));
}

TEST_F(living_updates_test, what_has_failed_is_shown_by_the_end) {
  const auto one = all.add(morning);
  all.show(one, "a");
  EXPECT_EQ(next(500ms), shown("a"));
  EXPECT_FALSE(all.answered(one, false));
  EXPECT_EQ(next(2s), "");
  EXPECT_FALSE(all.end(one, std::nullopt));
  EXPECT_EQ(next(2s), shown("a"));
  EXPECT_TRUE(all.answered(one, false)); // Who waits for the end gets the failure.
}

TEST_F(living_updates_test, what_fails_after_the_end_is_sent_once_more) {
  const auto one = all.add(morning);
  all.show(one, "a");
  EXPECT_EQ(next(500ms), shown("a"));
  all.end(one, std::nullopt);
  EXPECT_FALSE(all.answered(one, false));
  EXPECT_EQ(next(1s), shown("a"));
  EXPECT_TRUE(all.answered(one));
}

TEST_F(living_updates_test, whose_last_update_is_longest_ago_comes_first) {
  std::vector<living_updates::number> lines;
  for (int i = 0; i < 20; ++i)
    lines.push_back(all.add(morning));
  std::vector<int> sent(lines.size());
  for (auto at = 500ms; at < 60s; at += 100ms) {
    for (auto each : lines)
      all.show(each, "busy");
    while (const auto came = all.next(morning + at)) { // Eight at a time.
      ++sent[came->which - 1];
      if (sent[came->which - 1] % 2 == 0)
        all.answered(came->which);
      else if (all.when() == std::nullopt)
        for (auto each : lines)
          all.answered(each);
    }
  }
  const auto [fewest, most] = std::minmax_element(sent.begin(), sent.end());
  EXPECT_GT(*fewest, 20);
  EXPECT_LE(*most - *fewest, 8);
}

TEST_F(living_updates_test, no_more_than_eight_are_under_way) {
  for (int i = 0; i < 20; ++i)
    all.show(all.add(morning), "a");
  int sent = 0;
  while (all.next(morning + 1s))
    ++sent;
  EXPECT_EQ(sent, 8);
  EXPECT_EQ(all.when(), std::nullopt);
  all.answered(1);
  EXPECT_EQ(all.when(), morning + 500ms);
}

TEST_F(living_updates_test, nothing_waits_for_its_time_when_the_bot_stops) {
  const auto one = all.add(morning);
  const auto other = all.add(morning);
  all.show(one, "a");
  all.hurry();
  EXPECT_EQ(next(0ms), shown("a"));
  all.end(other, outgoing_message{"b"});
  EXPECT_EQ(next(0ms), shown("b"));
}

TEST_F(living_updates_test, a_bot_that_is_started_again_takes_its_time) {
  all.hurry();
  all.take_time();
  all.show(all.add(morning), "a");
  EXPECT_EQ(next(499ms), "");
  EXPECT_EQ(next(500ms), shown("a"));
}

TEST_F(living_updates_test, one_that_is_forgotten_makes_room) {
  std::vector<living_updates::number> lines;
  for (int i = 0; i < 9; ++i) {
    lines.push_back(all.add(morning));
    all.show(lines.back(), "a");
  }
  while (all.next(morning + 1s)) {
  }
  all.forget(lines[0]);
  EXPECT_TRUE(all.next(morning + 1s));
  EXPECT_FALSE(all.answered(lines[0]));
}

} // namespace
} // namespace tutti
