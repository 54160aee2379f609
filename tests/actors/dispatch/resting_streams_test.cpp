#include <actors/dispatch/resting_streams.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

constexpr auto at(int second) {
  return resting_streams::time_point{std::chrono::seconds{second}};
}

TEST(resting_streams_test, the_newest_event_of_a_stream_is_remembered) {
  resting_streams all{10};
  all.keep("a", at(5));
  all.keep("a", at(3));
  all.keep("b", at(9));
  EXPECT_EQ(all.newest("a"), at(5));
  EXPECT_EQ(all.newest("b"), at(9));
  EXPECT_EQ(all.newest("c"), at(0));
}

TEST(resting_streams_test, those_that_have_rested_for_longest_are_forgotten) {
  resting_streams all{3};
  all.keep("a", at(1));
  all.keep("b", at(2));
  all.keep("a", at(3));
  all.keep("c", at(4)); // The first rest of a is forgotten, not a.
  EXPECT_EQ(all.newest("a"), at(3));
  all.keep("d", at(5));
  EXPECT_EQ(all.newest("b"), at(0));
  EXPECT_EQ(all.newest("a"), at(3));
  EXPECT_EQ(all.size(), 3U);
}

TEST(resting_streams_test, as_many_as_are_kept_are_kept) {
  resting_streams all{1'000};
  for (int i = 0; i < 5'000; ++i)
    all.keep(std::to_string(i), at(i + 1));
  EXPECT_EQ(all.size(), 1'000U);
  EXPECT_EQ(all.newest("3999"), at(0));
  EXPECT_EQ(all.newest("4000"), at(4'001));
}

} // namespace
