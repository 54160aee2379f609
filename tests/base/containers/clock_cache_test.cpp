#include <base/containers/clock_cache.hpp>

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

using cache = clock_cache<int, int>;
const cache::time_point now{1'000s};

TEST(clock_cache, keeps_until_the_time_given) {
  cache known{10};
  known.put(1, 11, now + 1s);
  ASSERT_TRUE(known.find(1, now));
  EXPECT_EQ(*known.find(1, now), 11);
  EXPECT_FALSE(known.find(1, now + 1s));
  EXPECT_FALSE(known.find(2, now));
}

TEST(clock_cache, a_value_put_again_replaces_the_old_one) {
  cache known{10};
  known.put(1, 11, now + 1s);
  known.put(1, 12, now + 2s);
  EXPECT_EQ(*known.find(1, now + 1s), 12);
  EXPECT_EQ(known.size(), 1U);
}

TEST(clock_cache, what_was_read_stays_when_room_is_needed) {
  cache known{3};
  for (int i = 1; i <= 3; ++i)
    known.put(i, i, now + 1h);
  known.find(1, now);
  known.find(3, now);
  known.put(4, 4, now + 1h);
  EXPECT_TRUE(known.find(1, now));
  EXPECT_FALSE(known.find(2, now));
  EXPECT_TRUE(known.find(3, now));
  EXPECT_TRUE(known.find(4, now));
}

TEST(clock_cache, without_room_nothing_is_kept) {
  cache known{0};
  known.put(1, 1, now + 1h);
  EXPECT_FALSE(known.find(1, now));
}

TEST(clock_cache, agrees_with_a_map_over_random_steps) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 random{seed};
    cache known{64};
    std::map<int, int> model; // What was put and not erased; the cache may have less, never more.
    for (int step = 0; step < 3'000; ++step) {
      auto key = static_cast<int>(random() % 200);
      switch (random() % 3) {
      case 0:
        known.put(key, step, now + 1h);
        model[key] = step;
        ASSERT_TRUE(known.find(key, now)) << "seed " << seed;
        break;
      case 1:
        known.erase(key);
        model.erase(key);
        ASSERT_FALSE(known.find(key, now)) << "seed " << seed;
        break;
      default:
        if (const auto* found = known.find(key, now)) {
          ASSERT_TRUE(model.contains(key)) << "seed " << seed;
          ASSERT_EQ(*found, model[key]) << "seed " << seed;
        }
      }
      ASSERT_LE(known.size(), 64U);
    }
    std::size_t findable = 0;
    for (int key = 0; key < 200; ++key)
      findable += known.find(key, now) ? 1U : 0U;
    EXPECT_EQ(findable, known.size()) << "seed " << seed;
  }
}

} // namespace
