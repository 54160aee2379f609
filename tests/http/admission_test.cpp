#include <actors/http/admission.hpp>

#include <gtest/gtest.h>

#include <set>

namespace {

using tutti::http::admission;
using decision = admission::decision;

const auto all_wait = [](std::uint64_t) { return true; };

TEST(admission, takes_in_up_to_the_bound_wherever_they_wait) {
  admission host{1, 1};
  EXPECT_TRUE(host.admit(false));
  EXPECT_TRUE(host.admit(false));
  EXPECT_FALSE(host.admit(false));
  host.dismiss(false);
  EXPECT_TRUE(host.admit(false));
  EXPECT_EQ(host.held(), 2U);
}

TEST(admission, a_full_host_takes_a_login_all_the_same) {
  admission host{1, 1};
  host.admit(false);
  host.admit(false);
  EXPECT_TRUE(host.admit(true));
  host.dismiss(true);
  EXPECT_FALSE(host.admit(false));
}

TEST(admission, sends_so_many_at_once_and_the_others_in_order_logins_first) {
  admission host{1, 10};
  EXPECT_EQ(host.arrive(1), decision::go);
  EXPECT_EQ(host.arrive(2), decision::wait);
  EXPECT_EQ(host.arrive(3), decision::wait);
  EXPECT_EQ(host.arrive(4, admission::place::front), decision::wait);
  EXPECT_EQ(host.next(all_wait), 0U);
  for (auto expected : {4U, 2U, 3U}) {
    host.leave();
    EXPECT_EQ(host.next(all_wait), expected);
    EXPECT_EQ(host.in_flight(), 1U);
  }
}

TEST(admission, who_gave_up_is_skipped) {
  admission host{1, 2};
  const std::set<std::uint64_t> waiting{3};
  host.arrive(1);
  host.arrive(2);
  host.arrive(3);
  host.leave();
  EXPECT_EQ(host.next([&](auto which) { return waiting.contains(which); }), 3U);
  host.leave();
  EXPECT_EQ(host.next(all_wait), 0U);
  EXPECT_EQ(host.in_flight(), 0U);
}

} // namespace
