#include <actors/datafeed/read_batch.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using std::chrono::milliseconds;
using std::chrono::system_clock;

wire::event_batch batch_of(std::vector<std::int64_t> times) {
  wire::event_batch made;
  for (auto each : times) {
    wire::raw_event one;
    one.at = each;
    made.events.push_back(std::move(one));
  }
  return made;
}

TEST(read_batch_test, what_waits_in_the_feed_is_newer_than_what_was_read) {
  EXPECT_EQ(read_until(batch_of({1'000, 3'000, 2'000}), {}),
            system_clock::time_point{milliseconds{3'000}});
}

TEST(read_batch_test, a_feed_without_events_is_read_until_the_agent_s_now) {
  http_response answer;
  answer.date = "Thu, 01 Jan 2026 00:00:00 GMT";
  const auto until = system_clock::to_time_t(read_until(batch_of({}), answer));
  EXPECT_NEAR(static_cast<double>(until), 1'767'225'600, 2);
}

TEST(read_batch_test, no_event_is_read_before_it_happens) {
  const auto later = std::chrono::duration_cast<milliseconds>(
                         (system_clock::now() + std::chrono::hours{1}).time_since_epoch())
                         .count();
  const auto until = read_until(batch_of({later}), {});
  EXPECT_LE(until, system_clock::now());
}

TEST(read_batch_test, own_events_are_left_out) {
  auto batch = batch_of({1, 2});
  batch.events[0].initiator = *user_id::make(7);
  batch.events[1].initiator = *user_id::make(8);
  auto kept = to_keep(std::move(batch.events), user_id::make(7).value(), true);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].at, system_clock::time_point{milliseconds{2}});
  EXPECT_TRUE(kept[0].caught_up);
}

} // namespace
