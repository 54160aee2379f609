#include <actors/requests/tick.hpp>
#include <base/containers/timer_wheel.hpp>

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

const timer_wheel::time_point start{1'000'000s};

std::vector<std::uint64_t> expired(timer_wheel& wheel, timer_wheel::time_point now) {
  std::vector<std::uint64_t> late;
  wheel.expire(now, [&](auto what) { late.push_back(what); });
  return late;
}

TEST(timer_wheel, nothing_expires_early_and_everything_within_a_granule) {
  timer_wheel wheel;
  wheel.add(start + 100ms, 1);
  EXPECT_TRUE(expired(wheel, start + 99ms).empty());
  EXPECT_EQ(expired(wheel, start + 108ms), std::vector<std::uint64_t>{1});
  EXPECT_EQ(wheel.size(), 0U);
}

TEST(timer_wheel, a_removed_one_does_not_expire_and_a_token_is_good_once) {
  timer_wheel wheel;
  auto gone = wheel.add(start + 100ms, 1);
  wheel.remove(gone);
  wheel.add(start + 100ms, 2); // takes the place
  wheel.remove(gone);
  wheel.remove(0);
  EXPECT_EQ(expired(wheel, start + 200ms), std::vector<std::uint64_t>{2});
}

TEST(timer_wheel, the_next_look_is_never_after_the_first_deadline) {
  timer_wheel wheel;
  EXPECT_FALSE(wheel.next());
  wheel.add(start + 1h, 1);
  ASSERT_TRUE(wheel.next());
  EXPECT_LE(*wheel.next(), start + 1h + 8ms);
  wheel.add(start + 20ms, 2);
  EXPECT_LE(*wheel.next(), start + 28ms);
}

TEST(timer_wheel, one_far_beyond_the_wheel_is_reached_by_following_next) {
  timer_wheel wheel;
  wheel.add(start + 1h, 1);
  auto now = start;
  int looks = 0;
  while (wheel.size() > 0 && looks < 10'000) {
    now = std::max(now, *wheel.next());
    auto late = expired(wheel, now);
    if (!late.empty()) {
      EXPECT_GE(now, start + 1h);
    }
    ++looks;
  }
  EXPECT_EQ(wheel.size(), 0U);
  EXPECT_LT(looks, 1'000);
}

TEST(timer_wheel, those_told_may_add_and_remove) {
  timer_wheel wheel;
  std::vector<std::uint64_t> told;
  std::vector<timer_wheel::token> tokens(3);
  for (std::uint64_t what = 1; what <= 2; ++what)
    tokens[what] = wheel.add(start + 10ms, what);
  wheel.expire(start + 50ms, [&](auto what) {
    told.push_back(what);
    wheel.remove(tokens[3 - what]); // The other one.
    wheel.add(start + 1s, 3);
  });
  EXPECT_EQ(told.size(), 1U);
  EXPECT_EQ(expired(wheel, start + 2s), std::vector<std::uint64_t>{3});
}

TEST(timer_wheel, agrees_with_a_sorted_map_over_random_steps) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 random{seed};
    timer_wheel wheel;
    std::map<std::uint64_t, timer_wheel::time_point> model;
    std::map<std::uint64_t, timer_wheel::token> tokens;
    auto now = start;
    std::uint64_t what = 0;
    for (int step = 0; step < 2'000; ++step) {
      switch (random() % 4) {
      case 0:
      case 1: {
        auto due = now + std::chrono::milliseconds{random() % 30'000};
        model[++what] = due;
        tokens[what] = wheel.add(due, what);
        break;
      }
      case 2:
        if (!model.empty()) {
          auto victim = std::next(model.begin(), static_cast<long>(random() % model.size()))->first;
          wheel.remove(tokens[victim]);
          model.erase(victim);
        }
        break;
      default:
        now += std::chrono::milliseconds{random() % 3'000};
        wheel.expire(now, [&](auto late) {
          ASSERT_TRUE(model.contains(late)) << "seed " << seed;
          ASSERT_LE(model[late], now) << "seed " << seed;
          model.erase(late);
        });
        for (auto [id, due] : model)
          ASSERT_GT(due + 8ms, now) << "seed " << seed << ": " << id << " was missed";
      }
      ASSERT_EQ(wheel.size(), model.size()) << "seed " << seed;
    }
  }
}

// -- due times -----------------------------------------------------------------------

TEST(due_time, zero_is_the_usual_negative_has_passed_and_for_ever_is_a_day) {
  EXPECT_EQ(due_time(start, 5s, 30s), start + 5s);
  EXPECT_EQ(due_time(start, 0s, 30s), start + 30s);
  EXPECT_EQ(due_time(start, -5s, 30s), start);
  EXPECT_EQ(due_time(start, std::chrono::milliseconds::max(), 30s), start + 24h);
}

} // namespace
