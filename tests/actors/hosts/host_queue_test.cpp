#include <tests/support/users.hpp>

#include <actors/hosts/host_queue.hpp>

#include <gtest/gtest.h>

#include <set>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using tutti::host_queue;
using place = host_queue::place;

const identity bot;
const auto all_wait = [](std::uint64_t) { return true; };
const host_queue::time_point queue_start{1h};

identity as(std::int64_t id) {
  return identity::on_behalf_of(user(id));
}

/// Sends one after the other until none is left.
std::vector<std::uint64_t> order_of(host_queue& host, host_queue::time_point now = queue_start) {
  std::vector<std::uint64_t> order;
  while (true) {
    host.exchange_ended();
    auto which = host.next(now, all_wait);
    if (which == 0)
      return order;
    order.push_back(which);
  }
}

TEST(host_queue, takes_in_up_to_the_bound_wherever_they_wait) {
  host_queue host{{1, 1}};
  EXPECT_TRUE(host.admit(false));
  EXPECT_TRUE(host.admit(false));
  EXPECT_FALSE(host.admit(false));
  host.release(false);
  EXPECT_TRUE(host.admit(false));
  EXPECT_EQ(host.held(false), 2U);
}

TEST(host_queue, a_full_host_takes_a_login_all_the_same) {
  host_queue host{{1, 1}};
  host.admit(false);
  host.admit(false);
  EXPECT_TRUE(host.admit(true));
  host.release(true);
  EXPECT_FALSE(host.admit(false));
}

TEST(host_queue, sends_so_many_at_once_and_the_others_in_order_logins_first) {
  host_queue host{{1, 10}};
  EXPECT_TRUE(host.start_or_enqueue(1, bot, place::end, queue_start));
  EXPECT_FALSE(host.start_or_enqueue(2, bot, place::end, queue_start));
  EXPECT_FALSE(host.start_or_enqueue(3, bot, place::end, queue_start));
  EXPECT_FALSE(host.start_or_enqueue(4, bot, place::login, queue_start));
  EXPECT_EQ(host.next(queue_start, all_wait), 0U);
  EXPECT_EQ(order_of(host), (std::vector<std::uint64_t>{4, 2, 3}));
}

TEST(host_queue, identities_take_turns_however_much_one_of_them_asks_for) {
  host_queue host{{1, 1'000}};
  host.start_or_enqueue(1, bot, place::end, queue_start);
  for (std::uint64_t i = 10; i < 14; ++i)
    host.start_or_enqueue(i, as(1), place::end, queue_start);
  host.start_or_enqueue(20, as(2), place::end, queue_start);
  host.start_or_enqueue(30, as(3), place::end, queue_start);
  host.start_or_enqueue(31, as(3), place::end, queue_start);
  EXPECT_EQ(order_of(host), (std::vector<std::uint64_t>{10, 20, 30, 11, 31, 12, 13}));
}

TEST(host_queue, what_was_sent_back_goes_before_what_came_later) {
  host_queue host{{1, 10}};
  host.start_or_enqueue(1, bot, place::end, queue_start);
  host.start_or_enqueue(2, bot, place::end, queue_start);
  host.start_or_enqueue(3, bot, place::head, queue_start);
  EXPECT_EQ(order_of(host), (std::vector<std::uint64_t>{3, 2}));
}

TEST(host_queue, tells_whose_turn_comes_soon) {
  host_queue host{{1, 10}};
  EXPECT_EQ(host.soon(), 0U);
  host.start_or_enqueue(1, bot, place::end, queue_start);
  host.start_or_enqueue(2, bot, place::end, queue_start);
  host.start_or_enqueue(3, as(7), place::end, queue_start);
  EXPECT_EQ(host.soon(), 2U);
  host.start_or_enqueue(4, bot, place::login, queue_start);
  EXPECT_EQ(host.soon(), 4U);
  while (auto foretold = host.soon()) {
    host.exchange_ended();
    EXPECT_EQ(host.next(queue_start, all_wait), foretold);
  }
}

TEST(host_queue, who_gave_up_is_skipped) {
  host_queue host{{1, 2}};
  const std::set<std::uint64_t> waiting{3};
  host.start_or_enqueue(1, bot, place::end, queue_start);
  host.start_or_enqueue(2, bot, place::end, queue_start);
  host.start_or_enqueue(3, bot, place::end, queue_start);
  host.exchange_ended();
  auto in_line = [&](auto which) { return waiting.contains(which); };
  EXPECT_EQ(host.next(queue_start, in_line), 3U);
  host.exchange_ended();
  EXPECT_EQ(host.next(queue_start, in_line), 0U);
  EXPECT_EQ(host.in_flight(), 0U);
}

TEST(host_queue, the_places_of_those_who_gave_up_are_cleared) {
  host_queue host{{1, 10'000}};
  host.start_or_enqueue(1, bot, place::end, queue_start);
  std::set<std::uint64_t> waiting;
  for (std::uint64_t i = 2; i < 10'000; ++i) {
    host.start_or_enqueue(i, as(1), place::end, queue_start);
    waiting.insert(i);
  }
  std::uint64_t looked_at = 0;
  auto in_line = [&](auto which) {
    ++looked_at;
    return waiting.contains(which);
  };
  for (std::uint64_t i = 2; i < 10'000; ++i) {
    waiting.erase(i);
    host.abandoned(in_line);
  }
  EXPECT_LT(looked_at, 30'000U); // Not each time all of them.
  looked_at = 0;
  host.exchange_ended();
  EXPECT_EQ(host.next(queue_start, in_line), 0U);
  EXPECT_LT(looked_at, 40U); // Hardly any place is left.
}

TEST(host_queue, behind_a_closed_gate_everybody_waits_until_it_opens) {
  host_queue host{{2, 10}};
  host.start_or_enqueue(1, bot, place::end, queue_start);
  host.close_gate(queue_start + 5s);
  EXPECT_FALSE(host.start_or_enqueue(2, bot, place::end, queue_start));
  EXPECT_FALSE(host.start_or_enqueue(3, bot, place::login, queue_start));
  EXPECT_EQ(host.next(queue_start + 4999ms, all_wait), 0U);
  EXPECT_EQ(host.ready_at(), queue_start + 5s);
  EXPECT_EQ(host.next(queue_start + 5s, all_wait), 3U);
  EXPECT_EQ(host.ready_at(), std::nullopt); // The wire is full: no matter of time.
  host.exchange_ended();
  EXPECT_EQ(host.next(queue_start + 5s, all_wait), 2U);
}

TEST(host_queue, a_gate_closed_for_less_does_not_open_earlier) {
  host_queue host{{1, 10}};
  host.close_gate(queue_start + 5s);
  host.close_gate(queue_start + 1s);
  EXPECT_EQ(host.gate(), queue_start + 5s);
}

TEST(host_queue, who_comes_stands_behind_those_who_wait_already) {
  host_queue host{{1, 10}};
  host.close_gate(queue_start + 1s);
  host.start_or_enqueue(1, bot, place::end, queue_start);
  EXPECT_FALSE(host.start_or_enqueue(2, bot, place::end, queue_start + 1s));
  EXPECT_EQ(host.next(queue_start + 1s, all_wait), 1U);
}

TEST(host_queue, who_was_not_sent_after_all_takes_nothing_of_the_second) {
  host_queue host{{10, 10, 1}};
  EXPECT_TRUE(host.start_or_enqueue(1, bot, place::end, queue_start));
  host.undo_start();
  EXPECT_EQ(host.in_flight(), 0U);
  EXPECT_TRUE(host.start_or_enqueue(2, bot, place::end, queue_start));
  EXPECT_FALSE(host.start_or_enqueue(3, bot, place::end, queue_start));
}

TEST(host_queue, no_second_sees_more_than_its_share) {
  host_queue host{{100, 1'000, 3}};
  std::vector<host_queue::time_point> sent;
  auto now = queue_start;
  for (std::uint64_t i = 1; i <= 20; ++i)
    if (host.start_or_enqueue(i, bot, place::end, now))
      sent.push_back(now);
  while (auto due = host.ready_at()) {
    now = std::max(now, *due);
    while (host.next(now, all_wait) != 0)
      sent.push_back(now);
    now += 130ms;
  }
  ASSERT_EQ(sent.size(), 20U);
  for (std::size_t i = 3; i < sent.size(); ++i)
    EXPECT_GE(sent[i] - sent[i - 3], 1s);
  EXPECT_LE(now, queue_start + 9s);
}

} // namespace
