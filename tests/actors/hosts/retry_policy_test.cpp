#include <actors/hosts/retry_policy.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

const retry_config usual;

result<http_response> answered(int status, std::optional<std::uint32_t> retry_after = {}) {
  http_response answer;
  answer.status = status;
  answer.retry_after = retry_after;
  return answer;
}

result<http_response> lost(errc error) {
  return failure{error, "", 0, {}};
}

attempt nth(int number) {
  return {number, true, 0ms, 1h};
}

TEST(retry_policy, lost_connections_408_429_and_5xx_are_tried_again) {
  for (const auto& outcome : {lost(errc::unreachable), answered(408), answered(429), answered(500),
                              answered(502), answered(503), answered(504)})
    EXPECT_TRUE(next_attempt(usual, nth(1), outcome, 0.5));
}

TEST(retry_policy, what_would_fail_again_is_not) {
  for (const auto& outcome : {lost(errc::tls_failed), lost(errc::protocol_error), answered(200),
                              answered(400), answered(401), answered(403), answered(404)})
    EXPECT_FALSE(next_attempt(usual, nth(1), outcome, 0.5));
}

TEST(retry_policy, a_503_that_names_a_time_is_not_tried_again_before) {
  EXPECT_EQ(next_attempt(usual, nth(1), answered(503, 7), 0), 7s);
  auto hasty = nth(1);
  hasty.left = 5s;
  EXPECT_FALSE(next_attempt(usual, hasty, answered(503, 7), 0));
}

TEST(retry_policy, an_answer_that_broke_off_is_a_lost_one) {
  result<http_response> broke_off = failure{errc::protocol_error, "", 0, "cut_short"};
  EXPECT_TRUE(next_attempt(usual, nth(1), broke_off, 0.5));
}

TEST(retry_policy, a_name_that_does_not_exist_is_told_at_once) {
  result<http_response> unknown = failure{errc::unreachable, "", 0, "host_unknown"};
  result<http_response> dns = failure{errc::unreachable, "", 0, "dns"};
  EXPECT_FALSE(next_attempt(usual, nth(1), unknown, 0.5));
  EXPECT_TRUE(next_attempt(usual, nth(1), dns, 0.5));
}

TEST(retry_policy, only_what_may_be_repeated) {
  auto send_message = nth(1);
  send_message.repeat_safe = false;
  EXPECT_FALSE(next_attempt(usual, send_message, answered(503), 0.5));
  EXPECT_FALSE(next_attempt(usual, send_message, lost(errc::unreachable), 0.5));
  EXPECT_TRUE(next_attempt(usual, send_message, answered(429), 0.5)) << "nothing has been done";
}

TEST(retry_policy, the_wait_doubles_up_to_its_cap_and_chance_takes_a_part_of_it) {
  EXPECT_EQ(next_attempt(usual, nth(1), answered(500), 1), 500ms);
  EXPECT_EQ(next_attempt(usual, nth(2), answered(500), 1), 1000ms);
  EXPECT_EQ(next_attempt(usual, nth(4), answered(500), 1), 4000ms);
  EXPECT_EQ(next_attempt(usual, nth(4), answered(500), 0.25), 1000ms);
  EXPECT_EQ(next_attempt(usual, nth(4), answered(500), 0), 0ms);
  retry_config capped{.max_interval = 1500ms};
  EXPECT_EQ(next_attempt(capped, nth(9), answered(500), 1), 1500ms);
}

TEST(retry_policy, a_multiplier_below_one_counts_as_two) {
  EXPECT_EQ(next_attempt({.multiplier = 0.5}, nth(2), answered(500), 1), 1000ms);
}

TEST(retry_policy, attempts_are_counted_and_a_negative_number_is_endless) {
  EXPECT_TRUE(next_attempt(usual, nth(9), answered(500), 0));
  EXPECT_FALSE(next_attempt(usual, nth(10), answered(500), 0));
  EXPECT_FALSE(next_attempt({.max_attempts = 1}, nth(1), answered(500), 0));
  EXPECT_TRUE(next_attempt({.max_attempts = -1}, nth(1'000), answered(500), 0));
}

TEST(retry_policy, the_pod_s_word_goes_before_our_own) {
  EXPECT_EQ(next_attempt(usual, nth(1), answered(429, 7), 1), 7s);
  // The agent turns a 429 of the back end into a 400 that keeps the header.
  EXPECT_EQ(next_attempt(usual, nth(1), answered(400, 2), 1), 2s);
  EXPECT_EQ(next_attempt(usual, nth(1), answered(429), 1), 500ms);
}

TEST(retry_policy, a_host_that_asks_for_no_time_at_all_gets_some) {
  EXPECT_EQ(next_attempt(usual, nth(1), answered(429, 0), 1), 500ms);
}

TEST(retry_policy, a_host_is_left_alone_for_a_quarter_of_an_hour_at_most) {
  EXPECT_EQ(slow_down_for(usual, *answered(429, 4'000'000'000), 1, 1), 15min);
}

TEST(retry_policy, nothing_waits_into_the_deadline) {
  auto late = nth(1);
  late.left = 5s;
  EXPECT_FALSE(next_attempt(usual, late, answered(429, 5), 1));
  EXPECT_TRUE(next_attempt(usual, late, answered(429, 4), 1));
}

TEST(retry_policy, a_host_out_of_reach_is_given_up_after_a_time_one_that_answers_is_not) {
  retry_config hasty{.unreachable_for = 5s};
  auto late = nth(3);
  late.elapsed = 4s;
  EXPECT_FALSE(next_attempt(hasty, late, lost(errc::unreachable), 1));
  EXPECT_TRUE(next_attempt(hasty, late, lost(errc::unreachable), 0.25));
  EXPECT_TRUE(next_attempt(hasty, late, answered(503), 1));
  EXPECT_TRUE(next_attempt(hasty, late, answered(429, 30), 1));
}

} // namespace
