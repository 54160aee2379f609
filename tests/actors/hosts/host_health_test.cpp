#include <actors/hosts/host_health.hpp>

#include <gtest/gtest.h>

namespace {

using tutti::host_health;
using namespace std::chrono_literals;

/// Endpoints, by number.
constexpr std::size_t create = 1;
constexpr std::size_t probe = 2;

const auto first_look = host_health::time_point{} + 1h;

TEST(host_health, the_first_failure_of_a_silent_host_loses_it) {
  host_health one;
  EXPECT_TRUE(one.failed(create, first_look));
  EXPECT_TRUE(one.lost());
}

TEST(host_health, a_failure_among_successes_says_nothing) {
  host_health one;
  one.answered(create, first_look + 1s);
  EXPECT_FALSE(one.failed(create, first_look)); // Sent before the last success.
  EXPECT_FALSE(one.lost());
  EXPECT_TRUE(one.failed(create, first_look + 2s));
}

TEST(host_health, an_answer_brings_it_back_once) {
  host_health one;
  one.failed(create, first_look);
  EXPECT_TRUE(one.answered(create, first_look + 1s));
  EXPECT_FALSE(one.answered(create, first_look + 2s));
  EXPECT_FALSE(one.lost());
}

TEST(host_health, an_endpoint_that_fails_while_others_are_answered_loses_the_host_once) {
  host_health one;
  EXPECT_TRUE(one.failed(create, first_look));
  EXPECT_TRUE(one.answered(probe, first_look + 1s));
  EXPECT_TRUE(one.ill_alone(create));
  EXPECT_FALSE(one.failed(create, first_look + 2s)); // No going to and fro.
  EXPECT_FALSE(one.answered(create, first_look + 3s));
  EXPECT_TRUE(one.failed(create, first_look + 4s)); // It was well in between.
}

TEST(host_health, another_endpoint_or_no_connection_loses_it_all_the_same) {
  host_health one;
  one.failed(create, first_look);
  one.answered(probe, first_look + 1s);
  EXPECT_TRUE(one.failed(probe, first_look + 2s));
  one.answered(probe, first_look + 3s);
  EXPECT_TRUE(one.unreachable(first_look + 4s));
}

TEST(host_health, a_host_that_was_away_as_a_whole_leaves_nobody_ill_but_who_still_fails) {
  host_health one;
  one.unreachable(first_look);
  EXPECT_TRUE(one.answered(probe, first_look + 1s));
  EXPECT_FALSE(one.ill_alone(create));
}

} // namespace
