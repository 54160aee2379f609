#include <tests/support/scripted_client.hpp>
#include <tutti/testing/virtual_system.hpp>

#include <actors/http.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class http_test : public ::testing::Test {
public:
  explicit http_test(retry_config retry = {.max_attempts = 1}) {
    settings.retry = retry;
    settings.http.max_in_flight = 2;
    settings.http.max_queued = 3;
    settings.hosts.fill({"http", "pod", 80, ""});
    settings.host_of(service::agent).host = "agent";
    settings.host_of(service::session_auth).host = "";
    start();
  }

  void start() {
    actor = spawn_http(sys.system, nullptr, settings, std::make_unique<scripted_client>(script), {},
                       life);
    sys.run();
  }

  ~http_test() override { sys.kill(actor); }

  asked<http_response> call(std::string target, http_call more = {}) {
    more.request.target = std::move(target);
    auto pending = sys.ask<http_response>(actor, std::move(more));
    sys.run();
    return pending;
  }

  static http_call open_call() {
    http_call call;
    call.authorized = false;
    return call;
  }

  void finish(std::size_t which, int status, std::string body = "") {
    http_response response;
    response.status = status;
    response.body = std::move(body);
    script->finish(which, {std::move(response), false});
    sys.run();
  }

  void fail(std::size_t which, errc error, bool stale = false) {
    script->finish(which, {failure{error, "scripted", 0, {}}, stale});
    sys.run();
  }

  asked<session_wanted> lend() {
    auto pending = sys.ask<session_wanted>(actor, await_session_demand{});
    sys.run();
    return pending;
  }

  void lease(const std::string& token, identity as = {}) {
    caf::anon_send(actor, lease_session{as, session{token}});
    sys.run();
  }

  virtual_system sys;
  std::shared_ptr<client_script> script = std::make_shared<client_script>();
  std::shared_ptr<vitals> life = std::make_shared<vitals>();
  config settings;
  http_actor actor;
};

// -- the happy way ------------------------------------------------------------------

TEST_F(http_test, an_open_call_needs_no_session) {
  auto asker = call("/login", open_call());
  EXPECT_EQ(script->exchanges.at(0).target, "/login");
  EXPECT_EQ(script->exchanges[0].headers, "");
  finish(0, 401, "refused");
  ASSERT_TRUE(asker.ok());
  EXPECT_EQ(asker->status, 401);
  EXPECT_EQ(asker->body, "refused");
}

TEST_F(http_test, an_authorized_call_waits_for_the_session_and_carries_it) {
  auto wanted = lend();
  auto asker = call("/a");
  EXPECT_TRUE(script->exchanges.empty());
  ASSERT_TRUE(wanted.ok());
  EXPECT_TRUE(wanted->as.is_bot());
  EXPECT_TRUE(wanted->rejected.empty());
  lease("T1");
  EXPECT_EQ(script->exchanges.at(0).headers, "sessionToken: T1\r\n");
  finish(0, 200);
  EXPECT_TRUE(asker.ok());
}

TEST_F(http_test, a_demand_waits_for_the_lender) {
  call("/a");
  auto wanted = lend();
  EXPECT_TRUE(wanted.ok());
}

TEST_F(http_test, identities_have_sessions_of_their_own) {
  auto obo = identity::on_behalf_of(*user_id::make(42));
  auto first = lend();
  lease("bot");
  http_call as_user;
  as_user.as = obo;
  call("/a");
  call("/a", as_user);
  EXPECT_EQ(script->exchanges.size(), 1U);
  EXPECT_EQ(first->as, obo);
  lease("user", obo);
  EXPECT_EQ(script->exchanges.at(1).headers, "sessionToken: user\r\n");
}

TEST_F(http_test, a_refused_session_fails_those_who_wait_and_is_wanted_anew_by_the_next) {
  auto first_demand = lend();
  auto asker = call("/a");
  caf::anon_send(actor, refuse_session{{}, {errc::login_refused, "wrong key", 401, {}}});
  sys.run();
  EXPECT_EQ(asker.error(), errc::login_refused);
  auto second_demand = lend();
  call("/a");
  EXPECT_TRUE(second_demand.ok());
}

// -- expired sessions -----------------------------------------------------------------

TEST_F(http_test, one_expired_session_is_renewed_once_for_everybody_and_calls_are_repeated) {
  lend();
  auto first = call("/a");
  lease("T1");
  auto second = call("/b");
  auto renewal = lend();
  finish(0, 401);
  ASSERT_TRUE(renewal.ok());
  EXPECT_EQ(renewal->rejected.reveal(), "T1");
  auto another = lend();
  finish(1, 401);
  EXPECT_FALSE(another.settled());
  lease("T2");
  ASSERT_EQ(script->exchanges.size(), 4U);
  EXPECT_EQ(script->exchanges[2].headers, "sessionToken: T2\r\n");
  finish(2, 200);
  finish(3, 200);
  EXPECT_TRUE(first.ok() && second.ok());
}

TEST_F(http_test, a_late_401_for_an_old_session_discards_nothing_newer) {
  lend();
  call("/a");
  lease("T1");
  call("/b");
  lend();
  finish(0, 401);
  lease("T2");
  auto another = lend();
  finish(1, 401); // Was sent with T1.
  EXPECT_FALSE(another.settled());
  EXPECT_EQ(script->exchanges.back().headers, "sessionToken: T2\r\n");
}

TEST_F(http_test, a_401_with_a_renewed_session_is_unauthorized) {
  lend();
  auto asker = call("/a");
  lease("T1");
  lend();
  finish(0, 401);
  lease("T2");
  finish(1, 401, R"({"code":401,"message":"Invalid session"})");
  EXPECT_EQ(asker.error(), errc::unauthorized);
  EXPECT_NE(asker.why().detail.find("Invalid session"), std::string::npos);
  EXPECT_EQ(script->exchanges.size(), 2U);
}

TEST_F(http_test, a_call_in_line_notices_that_its_session_went_bad) {
  lend();
  call("/a");
  lease("T1");
  call("/b");
  auto third = call("/c");
  lend();
  finish(0, 401);
  EXPECT_EQ(script->exchanges.size(), 2U);
  finish(1, 200);
  EXPECT_EQ(script->exchanges.size(), 2U);
  lease("T2");
  EXPECT_EQ(script->exchanges.size(), 4U);
  for (std::size_t i = 2; i < 4; ++i)
    EXPECT_EQ(script->exchanges[i].headers, "sessionToken: T2\r\n");
}

// -- bounds --------------------------------------------------------------------------

TEST_F(http_test, calls_past_the_bound_wait_in_line_and_go_in_order) {
  std::vector<asked<http_response>> askers;
  for (const auto* target : {"/1", "/2", "/3", "/4"})
    askers.push_back(call(target, open_call()));
  EXPECT_EQ(script->exchanges.size(), 2U);
  finish(1, 200);
  ASSERT_EQ(script->exchanges.size(), 3U);
  EXPECT_EQ(script->exchanges[2].target, "/3");
  fail(0, errc::unreachable);
  EXPECT_EQ(script->exchanges.at(3).target, "/4");
}

TEST_F(http_test, past_line_and_flight_it_is_overloaded_at_once) {
  for (int i = 0; i < 5; ++i)
    call("/" + std::to_string(i), open_call());
  auto asker = call("/5", open_call());
  EXPECT_EQ(asker.error(), errc::overloaded);
  finish(0, 200);
  EXPECT_FALSE(call("/6", open_call()).settled());
}

TEST_F(http_test, a_host_full_of_callers_who_wait_for_the_session_lets_the_login_through) {
  std::vector<asked<http_response>> askers;
  for (int i = 0; i < 5; ++i)
    askers.push_back(call("/" + std::to_string(i)));
  EXPECT_EQ(call("/5").error(), errc::overloaded);
  EXPECT_TRUE(script->exchanges.empty());
  auto login = call("/login", open_call());
  ASSERT_EQ(script->exchanges.size(), 1U);
  finish(0, 200);
  EXPECT_TRUE(login.ok());
  lease("T1");
  for (std::size_t i = 1; i <= 5; ++i)
    finish(i, 200);
  for (const auto& each : askers)
    EXPECT_TRUE(each.ok());
}

TEST_F(http_test, a_login_goes_before_those_in_line) {
  lend();
  lease("T1");
  for (int i = 0; i < 4; ++i)
    call("/" + std::to_string(i));
  call("/login", open_call());
  finish(0, 200);
  EXPECT_EQ(script->exchanges.back().target, "/login");
}

TEST_F(http_test, identities_take_turns) {
  lend();
  lease("bot");
  auto obo = identity::on_behalf_of(*user_id::make(42));
  lease("user", obo);
  for (int i = 0; i < 4; ++i)
    call("/bot/" + std::to_string(i));
  http_call as_user;
  as_user.as = obo;
  call("/user", as_user);
  finish(0, 200);
  finish(1, 200);
  EXPECT_EQ(script->exchanges[2].target, "/bot/2");
  EXPECT_EQ(script->exchanges[3].target, "/user");
}

TEST_F(http_test, no_second_sees_more_requests_than_the_host_is_to_get) {
  sys.kill(actor);
  settings.host_of(service::pod).max_requests_per_second = 2;
  settings.http.max_in_flight = 10;
  settings.http.max_queued = 10;
  start();
  for (int i = 0; i < 5; ++i)
    call("/" + std::to_string(i), open_call());
  EXPECT_EQ(script->exchanges.size(), 2U);
  sys.advance(990ms);
  EXPECT_EQ(script->exchanges.size(), 2U);
  sys.advance(20ms);
  EXPECT_EQ(script->exchanges.size(), 4U);
  sys.advance(1020ms);
  EXPECT_EQ(script->exchanges.size(), 5U);
}

TEST_F(http_test, hosts_have_bounds_of_their_own) {
  for (int i = 0; i < 5; ++i)
    call("/" + std::to_string(i), open_call());
  auto to_agent = open_call();
  to_agent.to = service::agent;
  call("/agent", to_agent);
  EXPECT_EQ(script->exchanges.back().target, "/agent");
}

// -- leaving ---------------------------------------------------------------------------

TEST_F(http_test, a_deadline_on_the_wire_gives_the_exchange_up_and_the_next_goes) {
  auto hasty = open_call();
  hasty.timeout = 100ms;
  auto first = call("/1", hasty);
  call("/2", open_call());
  call("/3", open_call());
  sys.advance(120ms);
  EXPECT_EQ(first.error(), errc::deadline_exceeded);
  EXPECT_EQ(script->cancelled, std::vector{script->exchanges[0].id});
  EXPECT_EQ(script->exchanges.back().target, "/3");
}

TEST_F(http_test, a_deadline_in_line_is_told_as_such) {
  call("/1", open_call());
  call("/2", open_call());
  auto hasty = open_call();
  hasty.timeout = 100ms;
  auto third = call("/3", hasty);
  call("/4", open_call());
  sys.advance(120ms);
  EXPECT_EQ(third.error(), errc::deadline_exceeded);
  EXPECT_NE(third.why().detail.find("in line"), std::string::npos);
  finish(0, 200);
  EXPECT_EQ(script->exchanges.back().target, "/4");
}

TEST_F(http_test, what_is_due_is_not_sent_in_the_place_of_another_that_is_due) {
  auto hasty = open_call();
  hasty.timeout = 100ms;
  std::vector<asked<http_response>> askers;
  for (int i = 0; i < 4; ++i)
    askers.push_back(call("/" + std::to_string(i), hasty));
  sys.advance(120ms);
  for (const auto& each : askers)
    EXPECT_EQ(each.error(), errc::deadline_exceeded);
  EXPECT_EQ(script->exchanges.size(), 2U);
}

TEST_F(http_test, a_deadline_before_the_login_is_told_as_such) {
  http_call hasty;
  hasty.timeout = 100ms;
  auto asker = call("/1", hasty);
  sys.advance(120ms);
  EXPECT_EQ(asker.error(), errc::deadline_exceeded);
  EXPECT_NE(asker.why().detail.find("login"), std::string::npos);
  lease("T1");
  EXPECT_TRUE(script->exchanges.empty());
}

TEST_F(http_test, a_cancelled_call_is_over_wherever_it_is) {
  std::vector<asked<http_response>> askers;
  std::vector<call_ticket> tickets;
  for (int i = 0; i < 3; ++i) {
    auto one = open_call();
    one.ticket = call_ticket::next();
    tickets.push_back(one.ticket);
    askers.push_back(call("/" + std::to_string(i), one));
  }
  caf::anon_send(actor, cancel_call{tickets[2]}); // in line
  caf::anon_send(actor, cancel_call{tickets[0]}); // in flight
  sys.run();
  EXPECT_EQ(askers[2].error(), errc::cancelled);
  EXPECT_EQ(askers[0].error(), errc::cancelled);
  EXPECT_EQ(script->cancelled, std::vector{script->exchanges[0].id});
  EXPECT_FALSE(askers[1].settled());
  EXPECT_EQ(script->exchanges.size(), 2U);
}

TEST_F(http_test, a_completion_for_a_call_that_is_over_is_dropped) {
  auto hasty = open_call();
  hasty.timeout = 50ms;
  auto asker = call("/1", hasty);
  sys.advance(60ms);
  finish(0, 200);
  EXPECT_EQ(asker.times(), 1);
}

// -- connections -----------------------------------------------------------------------

TEST_F(http_test, a_repeat_safe_call_on_a_stale_connection_is_sent_once_more) {
  auto safe = open_call();
  safe.request.repeat_safe = true;
  auto asker = call("/1", safe);
  fail(0, errc::unreachable, true);
  ASSERT_EQ(script->exchanges.size(), 2U);
  fail(1, errc::unreachable, true);
  EXPECT_EQ(asker.error(), errc::unreachable);
}

TEST_F(http_test, another_call_on_a_stale_connection_is_not) {
  auto asker = call("/1", open_call());
  fail(0, errc::unreachable, true);
  EXPECT_EQ(asker.error(), errc::unreachable);
  EXPECT_EQ(script->exchanges.size(), 1U);
}

TEST_F(http_test, everybody_is_told_when_it_ends) {
  auto flying = call("/1", open_call());
  auto waiting = call("/2");
  auto lender = lend();
  auto lender_again = lend();
  sys.kill(actor);
  EXPECT_EQ(flying.error(), errc::shutting_down);
  EXPECT_EQ(waiting.error(), errc::shutting_down);
  EXPECT_TRUE(lender.ok());
  EXPECT_EQ(lender_again.error(), errc::shutting_down);
}

// -- once more ----------------------------------------------------------------------

class http_retry_test : public http_test {
public:
  http_retry_test() : http_test({.max_attempts = 3, .initial_interval = 100ms}) {}

  /// What a first wait can take: the deadlines' wheel turns in steps of 8 ms.
  static constexpr std::chrono::milliseconds first_wait{110};

  void finish_slowly(std::size_t which, int status, std::uint32_t retry_after) {
    http_response slow;
    slow.status = status;
    slow.retry_after = retry_after;
    script->finish(which, {slow, false});
    sys.run();
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
  finish_slowly(0, 429, 7); // Past the deadline: nobody stands in line.
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

TEST_F(http_test, services_that_share_a_host_share_its_line_and_its_strictest_bound) {
  sys.kill(actor);
  settings.host_of(service::agent).host = "pod";
  settings.host_of(service::agent).read_timeout = 5s;
  settings.host_of(service::agent).max_requests_per_second = 1;
  start();
  auto to_agent = open_call();
  to_agent.to = service::agent;
  call("/1", to_agent);
  call("/2", open_call());
  EXPECT_EQ(script->exchanges.size(), 1U);
  sys.advance(1020ms);
  EXPECT_EQ(script->exchanges.size(), 2U);
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
    denied += bad.settled() && bad->status == 503;
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
  sys.advance(4s); // Nobody goes: the budget is spent.
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
  sys.advance(first_wait); // The first stands in line again.
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
  auto lender = lend();
  auto asker = call("/x", more);
  lease("T1");
  lender = lend();
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

TEST_F(http_test, a_service_without_a_host_is_told) {
  http_call more = open_call();
  more.to = service::session_auth;
  auto asker = call("/sessionauth", more);
  EXPECT_EQ(asker.error(), errc::misconfigured);
  EXPECT_NE(asker.why().detail.find("sessionAuth"), std::string::npos);
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
