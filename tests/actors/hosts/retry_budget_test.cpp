#include <actors/hosts/retry_budget.hpp>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using tutti::retry_budget;

const retry_budget::time_point budget_start{1h};

int take_all(retry_budget& budget, retry_budget::time_point now) {
  int taken = 0;
  while (taken < 10'000 && budget.take(now))
    ++taken;
  return taken;
}

TEST(retry_budget, ten_are_always_allowed) {
  retry_budget budget;
  EXPECT_EQ(take_all(budget, budget_start), 10);
  EXPECT_EQ(take_all(budget, budget_start + 9s), 0);
  EXPECT_EQ(take_all(budget, budget_start + 10s), 10);
}

TEST(retry_budget, beyond_them_a_tenth_of_what_is_sent) {
  retry_budget budget;
  for (int i = 0; i < 1'000; ++i)
    budget.sent(budget_start);
  EXPECT_EQ(take_all(budget, budget_start), 100);
  for (int i = 0; i < 50; ++i)
    budget.sent(budget_start + 1s);
  EXPECT_EQ(take_all(budget, budget_start + 1s), 5);
}

TEST(retry_budget, what_was_sent_long_ago_buys_nothing) {
  retry_budget budget;
  for (int i = 0; i < 1'000; ++i)
    budget.sent(budget_start);
  EXPECT_EQ(take_all(budget, budget_start + 11s), 10);
}

TEST(retry_budget, a_steady_failure_of_everything_costs_a_tenth_more) {
  retry_budget budget;
  int repeats = 0;
  for (int ms = 0; ms < 60'000; ms += 5) {
    budget.sent(budget_start + std::chrono::milliseconds{ms});
    repeats += budget.take(budget_start + std::chrono::milliseconds{ms});
  }
  EXPECT_LE(repeats, 1'200 + 10);
  EXPECT_GE(repeats, 1'100);
}

} // namespace
