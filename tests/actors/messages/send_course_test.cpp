#include <actors/messages/send_course.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using send_step = send_course::action;

failure because(errc why) {
  return {why, "no", 0, {}};
}

class send_course_test : public ::testing::Test {
public:
  send_course marked{true, std::nullopt, 1min};
  send_course plain{false, std::nullopt, 1min};
  send_course doubtful{true, 5s, 1min};
};

TEST_F(send_course_test, a_new_message_is_sent_at_once) {
  EXPECT_EQ(marked.begin().then, send_step::send);
  EXPECT_FALSE(marked.in_doubt());
  EXPECT_EQ(send_course::sent().then, send_step::done);
}

TEST_F(send_course_test, a_refusal_is_final) {
  for (auto why : {errc::rejected, errc::not_entitled, errc::unauthorized, errc::misconfigured,
                   errc::cancelled, errc::shutting_down, errc::login_refused})
    EXPECT_EQ(marked.send_failed(because(why), 0ms).then, send_step::fail) << to_string(why);
}

TEST_F(send_course_test, what_did_not_reach_the_agent_is_sent_again) {
  for (auto why : {errc::overloaded, errc::rate_limited, errc::tls_failed}) {
    send_course course{false, std::nullopt, 1min};
    EXPECT_EQ(course.send_failed(because(why), 0ms).then, send_step::wait) << to_string(why);
    EXPECT_EQ(course.waited().then, send_step::send);
  }
}

TEST_F(send_course_test, who_waits_for_hours_waits_for_the_login) {
  send_course handler{true, std::nullopt, 24h};
  for (auto why : {errc::unauthorized, errc::login_refused}) {
    EXPECT_EQ(handler.send_failed(because(why), 0ms).then, send_step::wait) << to_string(why);
    EXPECT_EQ(handler.waited().then, send_step::send);
  }
}

TEST_F(send_course_test, what_may_have_reached_it_is_searched_for_until_it_must_have_arrived) {
  for (auto [why, settled] : {std::pair{errc::unreachable, send_course::cut_off},
                              {errc::protocol_error, send_course::cut_off},
                              {errc::deadline_exceeded, send_course::silent}}) {
    send_course course{true, std::nullopt, 1min};
    EXPECT_EQ(course.send_failed(because(why), 1s).then, send_step::wait) << to_string(why);
    EXPECT_TRUE(course.in_doubt());
    EXPECT_EQ(course.waited().then, send_step::look);
    auto passed = 1s + 250ms;
    for (auto step = course.looked(false, passed); step.then == send_step::wait;
         step = course.looked(false, passed)) {
      EXPECT_LT(passed, 1s + settled);
      passed += step.wait;
      EXPECT_EQ(course.waited().then, send_step::look);
    }
    EXPECT_EQ(passed, 1s + settled) << "the last search begins when it must have arrived";
    EXPECT_EQ(course.waited().then, send_step::send);
    EXPECT_FALSE(course.in_doubt());
  }
}

TEST_F(send_course_test, a_408_may_come_from_in_between) {
  EXPECT_EQ(marked.send_failed({errc::rejected, "timeout", 408, {}}, 0ms).then, send_step::wait);
  EXPECT_TRUE(marked.in_doubt());
}

TEST_F(send_course_test, what_is_found_is_not_sent_again) {
  marked.send_failed(because(errc::unreachable), 0ms);
  marked.waited();
  EXPECT_EQ(marked.looked(true, 1s).then, send_step::done);
}

TEST_F(send_course_test, without_a_mark_it_is_not_repeated_blindly) {
  EXPECT_EQ(plain.send_failed(because(errc::unreachable), 0ms).then, send_step::fail);
  EXPECT_TRUE(plain.in_doubt());
}

TEST_F(send_course_test, what_an_earlier_process_may_have_sent_is_searched_for_first) {
  EXPECT_EQ(doubtful.begin().then, send_step::look);
  EXPECT_EQ(doubtful.looked(false, 0ms).then, send_step::wait);
  EXPECT_EQ(doubtful.waited().then, send_step::look);
  EXPECT_EQ(doubtful.looked(false, 4'999ms).then, send_step::wait);
  EXPECT_EQ(doubtful.looked(false, 5s).then, send_step::send);
}

TEST_F(send_course_test, a_search_that_fails_is_repeated) {
  doubtful.begin();
  EXPECT_EQ(doubtful.look_failed(because(errc::unreachable), 0ms).then, send_step::wait);
  EXPECT_EQ(doubtful.waited().then, send_step::look);
  EXPECT_EQ(doubtful.look_failed(because(errc::not_entitled), 0ms).then, send_step::fail);
}

TEST_F(send_course_test, the_waits_grow_and_end_with_the_patience) {
  auto wait = 0ms;
  auto passed = 0ms;
  int rounds = 0;
  for (auto step = marked.send_failed(because(errc::unreachable), passed);
       step.then == send_step::wait;
       step = marked.look_failed(because(errc::unreachable), passed)) {
    EXPECT_GE(step.wait, wait);
    EXPECT_LE(step.wait, 15s);
    wait = step.wait;
    passed += wait;
    ++rounds;
  }
  EXPECT_LE(passed, 1min);
  EXPECT_GT(rounds, 5);
  EXPECT_TRUE(marked.in_doubt());
}

TEST_F(send_course_test, what_was_sent_long_ago_is_searched_for_once) {
  send_course old{true, 0s, 1min};
  EXPECT_EQ(old.begin().then, send_step::look);
  EXPECT_EQ(old.looked(false, 0ms).then, send_step::send);
}

} // namespace
