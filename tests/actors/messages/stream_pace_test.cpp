#include <actors/messages/stream_pace.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

const auto room = *stream_id::make("room");
const auto other = *stream_id::make("other");

class stream_pace_test : public ::testing::Test {
public:
  /// The next message takes its turn; answers how long it waits for it.
  stream_pace::clock::duration next(const stream_id& where) {
    const auto wait = pace.wait(where, now);
    pace.take(where, now);
    return wait;
  }

  stream_pace pace{2};
  stream_pace::clock::time_point now{1h};
};

TEST_F(stream_pace_test, messages_into_one_stream_keep_their_distance) {
  EXPECT_EQ(next(room), 0ms);
  EXPECT_EQ(next(room), 500ms);
  EXPECT_EQ(next(room), 1000ms);
  now += 700ms;
  EXPECT_EQ(next(room), 800ms);
}

TEST_F(stream_pace_test, a_busy_stream_delays_no_other) {
  for (int i = 0; i < 10; ++i)
    next(room);
  EXPECT_EQ(next(other), 0ms);
}

TEST_F(stream_pace_test, a_pause_is_not_saved_up) {
  next(room);
  now += 1h;
  EXPECT_EQ(next(room), 0ms);
  EXPECT_EQ(next(room), 500ms);
}

TEST_F(stream_pace_test, without_a_bound_nothing_waits_and_nothing_is_kept) {
  stream_pace free{0};
  free.take(room, now);
  EXPECT_EQ(free.wait(room, now), 0ms);
  EXPECT_EQ(free.size(), 0U);
}

TEST_F(stream_pace_test, streams_that_are_silent_are_forgotten) {
  for (int i = 0; i < 10'000; ++i) {
    now += 1ms;
    pace.take(*stream_id::make("s" + std::to_string(i)), now);
  }
  EXPECT_LT(pace.size(), 2'100U);
  EXPECT_GE(pace.size(), 500U); // Their turns are not over.
}

} // namespace
