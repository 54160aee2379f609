#include <actors/http/host_watch.hpp>

#include <gtest/gtest.h>

namespace {

using tutti::http::host_watch;
using namespace std::chrono_literals;

const auto start = host_watch::time_point{} + 1h;

TEST(host_watch, the_first_failure_of_a_silent_host_loses_it) {
  host_watch one;
  EXPECT_TRUE(one.failed(start));
  EXPECT_TRUE(one.lost());
}

TEST(host_watch, a_failure_among_successes_says_nothing) {
  host_watch one;
  one.answered(start + 1s);
  EXPECT_FALSE(one.failed(start)); // Sent before the last success.
  EXPECT_FALSE(one.lost());
  EXPECT_TRUE(one.failed(start + 2s));
}

TEST(host_watch, an_answer_brings_it_back_once) {
  host_watch one;
  one.failed(start);
  EXPECT_TRUE(one.answered(start + 1s));
  EXPECT_FALSE(one.answered(start + 2s));
  EXPECT_FALSE(one.lost());
}

} // namespace
