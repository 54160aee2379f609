// Who waits in line, who goes first, and who leaves before.
#include <tests/support/http_fixture.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class http_bounds_test : public http_test {};

// -- bounds --------------------------------------------------------------------------

TEST_F(http_bounds_test, calls_past_the_bound_wait_in_line_and_go_in_order) {
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

TEST_F(http_bounds_test, past_line_and_flight_it_is_overloaded_at_once) {
  for (int i = 0; i < 5; ++i)
    call("/" + std::to_string(i), open_call());
  auto asker = call("/5", open_call());
  EXPECT_EQ(asker.error(), errc::overloaded);
  finish(0, 200);
  EXPECT_FALSE(call("/6", open_call()).settled());
}

TEST_F(http_bounds_test, a_host_full_of_callers_who_wait_for_the_session_lets_the_login_through) {
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

TEST_F(http_bounds_test, a_login_goes_before_those_in_line) {
  await_demand();
  lease("T1");
  for (int i = 0; i < 4; ++i)
    call("/" + std::to_string(i));
  call("/login", open_call());
  finish(0, 200);
  EXPECT_EQ(script->exchanges.back().target, "/login");
}

TEST_F(http_bounds_test, identities_take_turns) {
  await_demand();
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

TEST_F(http_bounds_test, no_second_sees_more_requests_than_the_host_is_to_get) {
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

TEST_F(http_bounds_test, hosts_have_bounds_of_their_own) {
  for (int i = 0; i < 5; ++i)
    call("/" + std::to_string(i), open_call());
  auto to_agent = open_call();
  to_agent.to = service::agent;
  call("/agent", to_agent);
  EXPECT_EQ(script->exchanges.back().target, "/agent");
}

TEST_F(http_bounds_test, services_that_share_a_host_share_its_line_and_its_strictest_bound) {
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

// -- leaving -------------------------------------------------------------------------

TEST_F(http_bounds_test, a_deadline_on_the_wire_gives_the_exchange_up_and_the_next_goes) {
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

TEST_F(http_bounds_test, a_deadline_in_line_is_told_as_such) {
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

TEST_F(http_bounds_test, what_is_due_is_not_sent_in_the_place_of_another_that_is_due) {
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

TEST_F(http_bounds_test, a_deadline_before_the_login_is_told_as_such) {
  http_call hasty;
  hasty.timeout = 100ms;
  auto asker = call("/1", hasty);
  sys.advance(120ms);
  EXPECT_EQ(asker.error(), errc::deadline_exceeded);
  EXPECT_NE(asker.why().detail.find("login"), std::string::npos);
  lease("T1");
  EXPECT_TRUE(script->exchanges.empty());
}

TEST_F(http_bounds_test, a_cancelled_call_is_over_wherever_it_is) {
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

TEST_F(http_bounds_test, a_completion_for_a_call_that_is_over_is_dropped) {
  auto hasty = open_call();
  hasty.timeout = 50ms;
  auto asker = call("/1", hasty);
  sys.advance(60ms);
  finish(0, 200);
  EXPECT_EQ(asker.times(), 1);
}

} // namespace
