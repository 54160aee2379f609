// What is sent once more, when, and what that may cost.
#include <tests/support/http_fixture.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class http_retry_test : public http_test {
public:
  http_retry_test() : http_test({.max_attempts = 3, .initial_interval = 100ms}) {}

  /// What a first wait can take: the deadlines' wheel turns in steps of 8 ms.
  static constexpr std::chrono::milliseconds first_wait{110};

  void finish_slowly(std::size_t which, int status, std::uint32_t retry_after) {
    http_response slow;
    slow.status = status;
    slow.retry_after = retry_after;
    http_fixture::finish(which, std::move(slow));
  }

  static http_call repeatable() {
    auto call = open_call();
    call.request.repeat_safe = true;
    return call;
  }
};

TEST_F(http_retry_test, what_was_lost_is_asked_for_again_after_a_wait) {
  auto asker = call("/x", repeatable());
  fail(0, errc::unreachable);
  EXPECT_FALSE(asker.settled());
  sys.advance(first_wait);
  ASSERT_EQ(script->exchanges.size(), 2U);
  finish(1, 503);
  sys.advance(2 * first_wait);
  ASSERT_EQ(script->exchanges.size(), 3U);
  finish(2, 200, "there");
  EXPECT_EQ(asker->body, "there");
}

TEST_F(http_retry_test, every_attempt_carries_the_one_trace_id_which_the_answer_names) {
  auto asker = call("/x", repeatable());
  finish(0, 503);
  sys.advance(first_wait);
  finish(1, 200);
  EXPECT_EQ(script->exchanges[0].trace.size(), 6U);
  EXPECT_EQ(script->exchanges[1].trace, script->exchanges[0].trace);
  EXPECT_EQ(asker->trace, script->exchanges[0].trace);
  call("/y", repeatable());
  EXPECT_NE(script->exchanges.at(2).trace, script->exchanges[0].trace);
}

TEST_F(http_retry_test, the_last_failure_says_how_often_and_under_which_trace_id) {
  auto asker = call("/x", repeatable());
  for (std::size_t i = 0; i < 3; ++i) {
    fail(i, errc::unreachable);
    sys.advance(500ms);
  }
  EXPECT_EQ(script->exchanges.size(), 3U);
  EXPECT_EQ(asker.error(), errc::unreachable);
  EXPECT_NE(asker.why().detail.find("3 attempts"), std::string::npos);
  EXPECT_NE(asker.why().detail.find(script->exchanges[0].trace), std::string::npos);
}

TEST_F(http_retry_test, the_last_refusal_is_the_answer) {
  auto asker = call("/x", repeatable());
  for (std::size_t i = 0; i < 3; ++i) {
    finish(i, 503, "busy");
    sys.advance(500ms);
  }
  EXPECT_EQ(asker->status, 503);
}

TEST_F(http_retry_test, what_is_not_repeat_safe_is_sent_once) {
  auto asker = call("/x", open_call());
  finish(0, 503);
  EXPECT_EQ(asker->status, 503);
}

TEST_F(http_retry_test, a_429_waits_as_long_as_the_pod_says) {
  auto asker = call("/x", repeatable());
  http_response slow;
  slow.status = 429;
  slow.retry_after = 7;
  script->finish(0, {slow, false});
  sys.run();
  sys.advance(6900ms);
  EXPECT_EQ(script->exchanges.size(), 1U);
  sys.advance(200ms);
  EXPECT_EQ(script->exchanges.size(), 2U);
  finish(1, 200);
  EXPECT_EQ(asker->status, 200);
}

TEST_F(http_retry_test, a_429_closes_the_host_for_everybody_until_the_time_it_names) {
  auto first = call("/1", repeatable());
  finish_slowly(0, 429, 7);
  auto second = call("/2", open_call()); // Not even one that may be sent once only.
  sys.advance(6900ms);
  EXPECT_EQ(script->exchanges.size(), 1U);
  EXPECT_EQ(life->hosts[0].slowed.now(), 1U);
  ASSERT_EQ(life->board.look().troubles.size(), 1U);
  EXPECT_EQ(life->board.look().troubles[0].what, "host pod:80 has asked to slow down");
  sys.advance(200ms);
  EXPECT_TRUE(life->board.look().troubles.empty());
  ASSERT_EQ(script->exchanges.size(), 3U);
  EXPECT_EQ(script->exchanges[1].target, "/1"); // It came first.
  EXPECT_EQ(life->hosts[0].slowed.now(), 0U);
  EXPECT_EQ(life->hosts[0].slow_downs.now(), 1U);
}

TEST_F(http_retry_test, an_agents_400_with_retry_after_counts_as_429) {
  auto asker = call("/1", repeatable());
  finish_slowly(0, 400, 2);
  sys.advance(1900ms);
  EXPECT_EQ(script->exchanges.size(), 1U);
  sys.advance(200ms);
  EXPECT_EQ(script->exchanges.size(), 2U);
}

TEST_F(http_retry_test, a_429_stays_the_answer_when_the_time_it_names_is_past_the_deadline) {
  auto hasty = repeatable();
  hasty.timeout = 5s;
  auto asker = call("/1", hasty);
  finish_slowly(0, 429, 7);
  EXPECT_EQ(asker->status, 429);
}

TEST_F(http_retry_test, who_is_due_behind_a_closed_gate_is_told_of_it) {
  call("/1", repeatable());
  finish_slowly(0, 429, 7);
  auto hasty = open_call();
  hasty.timeout = 3s;
  auto second = call("/2", hasty);
  sys.advance(3100ms);
  EXPECT_EQ(second.error(), errc::deadline_exceeded);
  EXPECT_NE(second.why().detail.find("slow down"), std::string::npos) << second.why().detail;
}

TEST_F(http_retry_test, a_gate_that_opens_before_nobody_is_seen_to_open) {
  auto hasty = repeatable();
  hasty.timeout = 5s;
  call("/1", hasty);
  finish_slowly(0, 429, 7); // Past the deadline: no call is in line.
  EXPECT_EQ(life->hosts[0].slowed.now(), 1U);
  sys.advance(7100ms);
  EXPECT_EQ(life->hosts[0].slowed.now(), 0U);
}

TEST_F(http_retry_test, a_429_that_names_no_time_closes_the_host_for_longer_each_time) {
  auto asker = call("/1", repeatable());
  finish(0, 429);
  sys.advance(40ms);
  EXPECT_EQ(script->exchanges.size(), 1U);
  sys.advance(80ms);
  ASSERT_EQ(script->exchanges.size(), 2U);
  finish(1, 429);
  sys.advance(90ms);
  EXPECT_EQ(script->exchanges.size(), 2U);
  sys.advance(120ms);
  EXPECT_EQ(script->exchanges.size(), 3U);
}

TEST_F(http_retry_test, waiting_behind_the_gate_costs_no_budget) {
  for (int round = 0; round < 20; ++round) {
    auto asker = call("/x", repeatable());
    finish_slowly(script->exchanges.size() - 1, 429, 1);
    sys.advance(1100ms);
    finish(script->exchanges.size() - 1, 200);
    EXPECT_EQ(asker->status, 200);
  }
  EXPECT_EQ(life->retries_denied.now(), 0U);
}

TEST_F(http_retry_test, repeats_end_with_the_budget_while_others_succeed) {
  int denied = 0;
  for (int i = 0; i < 15; ++i) {
    auto bad = call("/bad", repeatable());
    auto good = call("/good", repeatable());
    finish(script->exchanges.size() - 1, 200);
    finish(script->exchanges.size() - 2, 503);
    denied += bad.settled() && bad->status == 503 && bad->budget_spent;
    sys.advance(first_wait);
    if (!bad.settled())
      finish(script->exchanges.size() - 1, 200);
  }
  EXPECT_EQ(denied, 5);
  EXPECT_EQ(life->retries_denied.now(), 5U);
}

TEST_F(http_retry_test, past_the_budget_who_waits_for_a_lost_host_goes_when_it_is_back) {
  sys.kill(actor);
  settings.http.max_queued = 20;
  start();
  std::vector<asked<http_response>> askers;
  for (int i = 0; i < 12; ++i) {
    askers.push_back(call("/" + std::to_string(i), repeatable()));
    fail(script->exchanges.size() - 1, errc::unreachable);
  }
  EXPECT_EQ(life->retries_denied.now(), 2U);
  sys.advance(first_wait); // Two at a time: the wire of this host is narrow.
  while (script->open() > 0)
    fail(script->exchanges.size() - static_cast<std::size_t>(script->open()), errc::unreachable);
  auto sent = script->exchanges.size();
  sys.advance(4s); // No call is sent: the budget is spent.
  EXPECT_EQ(script->exchanges.size(), sent);
  for (const auto& each : askers)
    EXPECT_FALSE(each.settled());
  auto probe = call("/probe", open_call());
  finish(sent, 200);
  sys.advance(first_wait);
  while (script->open() > 0)
    finish(script->exchanges.size() - static_cast<std::size_t>(script->open()), 200);
  for (const auto& each : askers)
    EXPECT_TRUE(each.ok());
}

TEST_F(http_retry_test, a_login_that_meets_429_or_5xx_is_tried_again_within_its_deadline) {
  auto login = call("/login", repeatable());
  finish_slowly(0, 429, 1);
  sys.advance(1100ms);
  finish(1, 503);
  sys.advance(2 * first_wait);
  finish(2, 200, "token");
  EXPECT_EQ(login->body, "token");
}

TEST_F(http_retry_test, a_wait_makes_room_for_others_and_takes_no_place_twice) {
  auto first = call("/1", repeatable());
  auto second = call("/2", repeatable());
  auto third = call("/3", repeatable());
  EXPECT_EQ(script->exchanges.size(), 2U);
  finish(0, 503);
  ASSERT_EQ(script->exchanges.size(), 3U);
  EXPECT_EQ(script->exchanges[2].target, "/3");
  sys.advance(first_wait); // The first is in line again.
  EXPECT_EQ(script->exchanges.size(), 3U);
  finish(1, 200);
  ASSERT_EQ(script->exchanges.size(), 4U);
  EXPECT_EQ(script->exchanges[3].target, "/1");
  finish(2, 200);
  finish(3, 200);
  EXPECT_EQ(first->status, 200);
}

TEST_F(http_retry_test, a_deadline_in_a_later_attempt_says_what_the_one_before_came_to) {
  auto more = repeatable();
  more.timeout = 10s;
  auto asker = call("/x", more);
  finish(0, 503);
  sys.advance(first_wait);
  sys.advance(10s);
  EXPECT_EQ(asker.error(), errc::deadline_exceeded);
  EXPECT_NE(asker.why().detail.find("HTTP 503"), std::string::npos);
  EXPECT_NE(asker.why().detail.find("10000 ms"), std::string::npos);
}

TEST_F(http_retry_test, a_renewed_session_and_a_stale_connection_cost_no_attempt) {
  auto more = repeatable();
  more.authorized = true;
  auto holder = await_demand();
  auto asker = call("/x", more);
  lease("T1");
  holder = await_demand();
  finish(0, 401);
  lease("T2");
  fail(1, errc::unreachable, true);
  for (std::size_t i = 2; i < 5; ++i) {
    ASSERT_EQ(script->exchanges.size(), i + 1);
    finish(i, 503);
    sys.advance(4 * first_wait);
  }
  EXPECT_EQ(script->exchanges.size(), 5U);
  EXPECT_EQ(asker->status, 503);
}

TEST_F(http_retry_test, a_cancelled_call_is_not_tried_again) {
  auto more = repeatable();
  more.ticket = call_ticket::next();
  auto asker = call("/x", more);
  finish(0, 503);
  caf::anon_send(actor, cancel_call{more.ticket});
  sys.run();
  EXPECT_EQ(asker.error(), errc::cancelled);
  sys.advance(1s);
  EXPECT_EQ(script->exchanges.size(), 1U);
}

TEST_F(http_retry_test, an_exit_between_two_attempts_tells_the_asker) {
  auto asker = call("/x", repeatable());
  finish(0, 503);
  sys.kill(actor);
  EXPECT_EQ(asker.error(), errc::shutting_down);
}

} // namespace
