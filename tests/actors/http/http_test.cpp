// Calls, the sessions they carry, and connections that went stale.
#include <tests/support/http_fixture.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

// -- the happy way -------------------------------------------------------------------

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
  auto wanted = await_demand();
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

TEST_F(http_test, a_demand_waits_for_the_lease_holder) {
  call("/a");
  auto wanted = await_demand();
  EXPECT_TRUE(wanted.ok());
}

TEST_F(http_test, identities_have_sessions_of_their_own) {
  auto obo = identity::on_behalf_of(*user_id::make(42));
  auto first = await_demand();
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

TEST_F(http_test, a_refused_session_fails_those_who_wait_and_is_wanted_again_by_the_next) {
  auto first_demand = await_demand();
  auto asker = call("/a");
  caf::anon_send(actor, refuse_session{{}, {errc::login_refused, "wrong key", 401, {}}});
  sys.run();
  EXPECT_EQ(asker.error(), errc::login_refused);
  auto second_demand = await_demand();
  call("/a");
  EXPECT_TRUE(second_demand.ok());
}

// -- expired sessions ----------------------------------------------------------------

TEST_F(http_test, one_expired_session_is_renewed_once_for_everybody_and_calls_are_repeated) {
  await_demand();
  auto first = call("/a");
  lease("T1");
  auto second = call("/b");
  auto renewal = await_demand();
  finish(0, 401);
  ASSERT_TRUE(renewal.ok());
  EXPECT_EQ(renewal->rejected.reveal(), "T1");
  auto another = await_demand();
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
  await_demand();
  call("/a");
  lease("T1");
  call("/b");
  await_demand();
  finish(0, 401);
  lease("T2");
  auto another = await_demand();
  finish(1, 401); // Was sent with T1.
  EXPECT_FALSE(another.settled());
  EXPECT_EQ(script->exchanges.back().headers, "sessionToken: T2\r\n");
}

TEST_F(http_test, a_401_with_a_renewed_session_is_unauthorized) {
  await_demand();
  auto asker = call("/a");
  lease("T1");
  await_demand();
  finish(0, 401);
  lease("T2");
  finish(1, 401, R"({"code":401,"message":"Invalid session"})");
  EXPECT_EQ(asker.error(), errc::unauthorized);
  EXPECT_NE(asker.why().detail.find("Invalid session"), std::string::npos);
  EXPECT_EQ(script->exchanges.size(), 2U);
}

TEST_F(http_test, a_call_in_line_notices_that_its_session_went_bad) {
  await_demand();
  call("/a");
  lease("T1");
  call("/b");
  auto third = call("/c");
  await_demand();
  finish(0, 401);
  EXPECT_EQ(script->exchanges.size(), 2U);
  finish(1, 200);
  EXPECT_EQ(script->exchanges.size(), 2U);
  lease("T2");
  EXPECT_EQ(script->exchanges.size(), 4U);
  for (std::size_t i = 2; i < 4; ++i)
    EXPECT_EQ(script->exchanges[i].headers, "sessionToken: T2\r\n");
}

// -- connections ---------------------------------------------------------------------

TEST_F(http_test, a_repeat_safe_call_on_a_stale_connection_is_sent_once_more) {
  auto safe = open_call();
  safe.request.repeat_safe = true;
  auto asker = call("/1", safe);
  EXPECT_FALSE(script->exchanges[0].fresh);
  fail(0, errc::unreachable, true);
  ASSERT_EQ(script->exchanges.size(), 2U);
  EXPECT_TRUE(script->exchanges[1].fresh) << "that cannot be stale";
  fail(1, errc::unreachable);
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
  auto holder = await_demand();
  auto holder_again = await_demand();
  sys.kill(actor);
  EXPECT_EQ(flying.error(), errc::shutting_down);
  EXPECT_EQ(waiting.error(), errc::shutting_down);
  EXPECT_TRUE(holder.ok());
  EXPECT_EQ(holder_again.error(), errc::shutting_down);
}

TEST_F(http_test, a_service_without_a_host_is_told) {
  http_call more = open_call();
  more.to = service::session_auth;
  auto asker = call("/sessionauth", more);
  EXPECT_EQ(asker.error(), errc::misconfigured);
  EXPECT_NE(asker.why().detail.find("sessionAuth"), std::string::npos);
}

} // namespace
