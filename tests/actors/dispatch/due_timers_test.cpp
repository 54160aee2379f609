#include <actors/dispatch/due_timers.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

const std::chrono::system_clock::time_point now{std::chrono::seconds{1'800'000'000}};

TEST(due_timers_test, without_timers_nothing_is_asked) {
  EXPECT_FALSE(due_timers{}.wait(now));
}

TEST(due_timers_test, the_earliest_counts) {
  due_timers due;
  due.set(now + 5s);
  due.set(now + 2s);
  due.set(now + 9s);
  EXPECT_EQ(due.wait(now), 2s);
  EXPECT_EQ(due.wait(now + 3s), 0s);
}

TEST(due_timers_test, the_clock_is_looked_at_from_time_to_time) {
  due_timers due;
  due.set(now + 24h);
  EXPECT_EQ(due.wait(now), due_timers::longest);
}

TEST(due_timers_test, the_first_and_the_last_of_all_times_are_times) {
  due_timers due;
  due.set(std::chrono::system_clock::time_point::max());
  EXPECT_EQ(due.wait(now), due_timers::longest);
  due.set(std::chrono::system_clock::time_point::min());
  EXPECT_EQ(due.wait(now), 0s);
}

TEST(due_timers_test, nothing_is_asked_twice_at_once) {
  due_timers due;
  due.set(now);
  due.asked();
  due.set(now); // Kept while the question is under way.
  EXPECT_FALSE(due.wait(now + 1h));
  due.answered(now + 2s);
  EXPECT_EQ(due.wait(now), 0s);
}

TEST(due_timers_test, after_the_last_there_is_none) {
  due_timers due;
  due.set(now);
  due.asked();
  due.answered({});
  EXPECT_FALSE(due.wait(now + 1h));
}

} // namespace
