#include <actors/datafeed/feed_course.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using feed_step = feed_course::action;

http_response answer_with(int status, std::optional<std::uint32_t> retry_after = std::nullopt) {
  http_response made;
  made.status = status;
  made.retry_after = retry_after;
  return made;
}

class feed_course_test : public ::testing::Test {
public:
  feed_course::next refused(feed_course& which, int status,
                            std::optional<std::uint32_t> retry_after = std::nullopt) {
    auto answer = answer_with(status, retry_after);
    return which.failed({errc::rejected, "no", status, {}}, &answer);
  }
  feed_course::next lost(feed_course& which) {
    return which.failed({errc::unreachable, "away", 0, {}}, nullptr);
  }

  /// Reads `f`, of which a7 was the last ackId.
  feed_course reading() {
    feed_course made{"bot", feed_position{"f", "a7"}, 15s};
    made.begin();
    return made;
  }

  feed_course fresh{"bot", std::nullopt, 15s};
};

TEST_F(feed_course_test, a_feed_with_the_tag_is_taken) {
  auto step = fresh.begin();
  EXPECT_EQ(step.then, feed_step::list);
  EXPECT_EQ(step.tag, "bot");
  step = fresh.listed({"f", "g"});
  EXPECT_EQ(step.then, feed_step::read);
  EXPECT_EQ(step.at, (feed_position{"f", ""}));
}

TEST_F(feed_course_test, each_read_acknowledges_what_was_kept) {
  fresh.begin();
  fresh.listed({"f"});
  EXPECT_EQ(fresh.kept("a1").at, (feed_position{"f", "a1"}));
  EXPECT_EQ(fresh.kept("a2").at, (feed_position{"f", "a2"}));
}

TEST_F(feed_course_test, a_new_process_goes_on_with_the_position_of_the_last) {
  feed_course next{"bot", feed_position{"f", "a7"}, 15s};
  auto step = next.begin();
  EXPECT_EQ(step.then, feed_step::read);
  EXPECT_EQ(step.at, (feed_position{"f", "a7"}));
}

TEST_F(feed_course_test, a_400_may_mean_the_ack_id_alone) {
  auto course = reading();
  auto step = refused(course, 400);
  EXPECT_EQ(step.then, feed_step::read);
  EXPECT_EQ(step.at, (feed_position{"f", ""}));
}

TEST_F(feed_course_test, a_400_with_retry_after_is_a_429) {
  auto course = reading();
  auto step = refused(course, 400, 3);
  EXPECT_EQ(step.then, feed_step::wait);
  EXPECT_EQ(course.waited().at, (feed_position{"f", "a7"}));
}

TEST_F(feed_course_test, everything_else_passes) {
  for (auto status : {401, 403, 404, 429, 500, 502, 503, 200, 302}) {
    auto course = reading();
    EXPECT_EQ(refused(course, status).then, feed_step::wait) << status;
    EXPECT_FALSE(course.trouble().empty());
    auto step = course.waited();
    EXPECT_EQ(step.then, feed_step::read) << status;
    EXPECT_EQ(step.at, (feed_position{"f", "a7"})) << status;
    course.kept("a8");
    EXPECT_TRUE(course.trouble().empty());
  }
}

TEST_F(feed_course_test, a_fault_that_is_unknown_passes) {
  auto course = reading();
  auto step = course.failed({errc::internal, "what?", 0, {}}, nullptr);
  EXPECT_EQ(step.then, feed_step::wait);
  EXPECT_EQ(course.waited().then, feed_step::read);
}

TEST_F(feed_course_test, the_waits_grow_to_the_longest_and_begin_again) {
  auto course = reading();
  std::vector<std::chrono::milliseconds> waits;
  for (int i = 0; i < 9; ++i) {
    waits.push_back(refused(course, 503).wait);
    course.waited();
  }
  EXPECT_EQ(waits.front(), 250ms);
  EXPECT_EQ(waits[1], 500ms);
  EXPECT_EQ(waits.back(), 15s);
  course.kept("a8");
  EXPECT_EQ(refused(course, 503).wait, 250ms);
}

TEST_F(feed_course_test, the_waits_of_many_bots_differ) {
  auto course = reading();
  course.set_chance(0);
  EXPECT_EQ(refused(course, 503).wait, 125ms);
}

TEST_F(feed_course_test, a_host_that_is_away_is_asked_soon_again_as_http_waits_for_it) {
  auto course = reading();
  for (int i = 0; i < 12; ++i) {
    EXPECT_LE(lost(course).wait, 500ms);
    course.waited();
  }
}

TEST_F(feed_course_test, without_a_feed_of_the_tag_one_is_made_and_no_other_is_taken) {
  fresh.begin();
  auto step = fresh.listed({});
  EXPECT_EQ(step.then, feed_step::create);
  EXPECT_EQ(step.tag, "bot");
  step = fresh.created("f");
  EXPECT_EQ(step.then, feed_step::read);
  EXPECT_EQ(step.at, (feed_position{"f", ""}));
}

TEST_F(feed_course_test, a_feed_that_is_listed_lives_whatever_answered_400) {
  auto course = reading();
  refused(course, 400);
  auto step = refused(course, 400);
  EXPECT_EQ(step.then, feed_step::list);
  EXPECT_EQ(step.tag, "") << "whatever its tag";
  EXPECT_EQ(course.listed({"other", "f"}).then, feed_step::wait);
  step = course.waited();
  EXPECT_EQ(step.then, feed_step::read);
  EXPECT_EQ(step.at, (feed_position{"f", ""}));
}

TEST_F(feed_course_test, one_that_is_listed_and_never_read_again_is_made_again_in_the_end) {
  auto course = reading();
  refused(course, 400);
  int rounds = 0;
  while (true) {
    refused(course, 400);
    if (course.listed({"f"}).then == feed_step::remove)
      break;
    course.waited();
    ++rounds;
  }
  EXPECT_EQ(rounds, 19);
}

TEST_F(feed_course_test, a_feed_that_is_not_listed_is_gone) {
  auto course = reading();
  refused(course, 400);
  refused(course, 400);
  auto step = course.listed({"other"});
  EXPECT_EQ(step.then, feed_step::remove);
  EXPECT_EQ(step.at.feed, "f");
  EXPECT_EQ(course.removed().tag, "bot");
  // It may be listed a while longer.
  EXPECT_EQ(course.listed({"f"}).then, feed_step::create);
  EXPECT_EQ(course.created("g").at, (feed_position{"g", ""}));
  course.kept("b1");
}

TEST_F(feed_course_test, a_feed_that_cannot_be_deleted_is_left) {
  auto course = reading();
  refused(course, 400);
  refused(course, 400);
  course.listed({});
  EXPECT_EQ(refused(course, 400).then, feed_step::list);
}

TEST_F(feed_course_test, feeds_that_are_never_good_are_made_seldom) {
  fresh.begin();
  std::vector<std::chrono::milliseconds> waits;
  for (int round = 0; round < 10; ++round) {
    fresh.listed({});
    fresh.created("f" + std::to_string(round));
    refused(fresh, 400);
    fresh.listed({});
    auto step = fresh.removed();
    ASSERT_EQ(step.then, feed_step::wait);
    waits.push_back(step.wait);
    fresh.waited();
  }
  EXPECT_EQ(waits.back(), 15s);
}

TEST_F(feed_course_test, an_account_with_too_many_feeds_asks_seldom) {
  fresh.begin();
  fresh.listed({});
  auto step = refused(fresh, 403);
  EXPECT_EQ(step.then, feed_step::wait);
  EXPECT_GE(step.wait, 5s);
  // An administrator may have made room, or another instance the feed.
  EXPECT_EQ(fresh.waited().then, feed_step::list);
}

TEST_F(feed_course_test, a_list_that_fails_is_repeated) {
  fresh.begin();
  EXPECT_EQ(refused(fresh, 500).then, feed_step::wait);
  EXPECT_EQ(fresh.waited().tag, "bot");
}

TEST_F(feed_course_test, a_datahose_is_read_at_once) {
  auto hose = feed_course::of_datahose("datahose t", std::nullopt, 15s);
  auto step = hose.begin();
  EXPECT_EQ(step.then, feed_step::read);
  EXPECT_EQ(step.at, (feed_position{"datahose t", ""}));
}

TEST_F(feed_course_test, a_datahose_goes_on_where_it_was_and_not_where_a_feed_was) {
  auto same = feed_course::of_datahose("datahose t", feed_position{"datahose t", "a7"}, 15s);
  EXPECT_EQ(same.begin().at, (feed_position{"datahose t", "a7"}));
  auto other = feed_course::of_datahose("datahose t", feed_position{"x_f", "a7"}, 15s);
  EXPECT_EQ(other.begin().at, (feed_position{"datahose t", ""}));
}

TEST_F(feed_course_test, a_datahose_that_is_refused_is_read_again_for_ever) {
  auto hose = feed_course::of_datahose("datahose t", feed_position{"datahose t", "a7"}, 15s);
  hose.begin();
  auto again = refused(hose, 400); // Its ackId was too old.
  EXPECT_EQ(again.at, (feed_position{"datahose t", ""}));
  EXPECT_TRUE(again.position_lost);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(refused(hose, i % 2 ? 400 : 403).then, feed_step::wait);
    auto step = hose.waited();
    EXPECT_EQ(step.then, feed_step::read);
    EXPECT_EQ(step.at.feed, "datahose t");
  }
}

} // namespace
