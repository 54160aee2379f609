#include <actors/directory/directory.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

const directory::time_point now{1'000s};

im_key key_of(std::int64_t user, identity as = {}, im_form form = im_form::inclusive) {
  return {as, form, participant_set::of(std::vector{*user_id::make(user)})};
}

TEST(directory, knows_an_im_by_identity_form_and_set) {
  directory known{{}};
  known.put(key_of(1), *stream_id::make("A"), now);
  EXPECT_EQ(known.find(key_of(1), now)->text(), "A");
  EXPECT_FALSE(known.find(key_of(2), now));
  EXPECT_FALSE(known.find(key_of(1, identity::on_behalf_of(*user_id::make(42))), now));
  EXPECT_FALSE(known.find(key_of(1, {}, im_form::admin), now));
}

TEST(directory, forgets_when_told_and_after_its_time) {
  directory known{{.capacity = 10, .ttl = 1s}};
  known.put(key_of(1), *stream_id::make("A"), now);
  known.put(key_of(2), *stream_id::make("B"), now);
  known.forget(key_of(1));
  EXPECT_FALSE(known.find(key_of(1), now));
  EXPECT_TRUE(known.find(key_of(2), now));
  EXPECT_FALSE(known.find(key_of(2), now + 1s));
}

TEST(directory, stays_within_its_capacity) {
  directory known{{.capacity = 2'000, .ttl = 1h}};
  for (int i = 1; i <= 10'000; ++i)
    known.put(key_of(i), *stream_id::make("A"), now);
  EXPECT_LE(known.size(), 2'000U);
  EXPECT_GE(known.size(), 1'900U);
}

TEST(directory, is_read_and_written_from_several_threads) {
  directory known{{.capacity = 5'000, .ttl = 1h}};
  std::atomic<int> wrong{0};
  auto work = [&](int seed) {
    for (int i = 0; i < 5'000; ++i) {
      auto user = (i * 7 + seed) % 3'000 + 1;
      known.put(key_of(user), *stream_id::make("S" + std::to_string(user)), now);
      if (auto found = known.find(key_of(user), now))
        wrong += found->text() == "S" + std::to_string(user) ? 0 : 1;
      if (i % 13 == 0)
        known.forget(key_of(user));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(work, i);
  for (auto& each : threads)
    each.join();
  EXPECT_EQ(wrong, 0);
}

} // namespace
