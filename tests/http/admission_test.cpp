#include <actors/http/admission.hpp>

#include <gtest/gtest.h>

#include <set>

namespace {

using tutti::http::admission;
using decision = admission::decision;

const auto all_wait = [](std::uint64_t) { return true; };

TEST(admission, lets_in_up_to_the_bound_then_lines_up_then_refuses) {
  admission host{1, 1};
  EXPECT_EQ(host.arrive(1), decision::go);
  EXPECT_EQ(host.arrive(2), decision::wait);
  EXPECT_EQ(host.arrive(3), decision::full);
  EXPECT_EQ(host.next(all_wait), 0U);
  host.leave();
  EXPECT_EQ(host.next(all_wait), 2U);
  EXPECT_EQ(host.in_flight(), 1U);
  EXPECT_EQ(host.queued(), 0U);
}

TEST(admission, who_withdrew_is_skipped_and_makes_room) {
  admission host{1, 2};
  std::set<std::uint64_t> waiting{2, 3};
  host.arrive(1);
  host.arrive(2);
  host.arrive(3);
  waiting.erase(2);
  host.withdraw();
  EXPECT_EQ(host.arrive(4), decision::wait);
  waiting.insert(4);
  auto in_line = [&](auto which) { return waiting.contains(which); };
  host.leave();
  EXPECT_EQ(host.next(in_line), 3U);
  host.leave();
  EXPECT_EQ(host.next(in_line), 4U);
  host.leave();
  EXPECT_EQ(host.next(in_line), 0U);
  EXPECT_EQ(host.in_flight(), 0U);
  EXPECT_EQ(host.queued(), 0U);
}

} // namespace
