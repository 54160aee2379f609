#include <actors/entitlement/allowed_pairs.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

TEST(allowed_pairs, belong_to_one_caller_and_pass_with_time) {
  const allowed_pairs::time_point now{1'000s};
  allowed_pairs known{{.ttl = 10s, .capacity = 10}};
  auto users = participant_set::of(std::vector{*user_id::make(1), *user_id::make(2)});
  auto bot = identity{};
  auto obo = identity::on_behalf_of(*user_id::make(42));
  known.remember(bot, users, now);
  EXPECT_TRUE(known.all_allowed(bot, users, now));
  EXPECT_FALSE(known.all_allowed(obo, users, now));
  EXPECT_FALSE(known.all_allowed(bot, users, now + 10s));
  known.forget(bot, participant_set::of(std::vector{*user_id::make(2)}));
  EXPECT_FALSE(known.all_allowed(bot, users, now));
}

} // namespace
