// The http actor's numbers, what it says of hosts, and how it drains.
#include <tests/support/http_fixture.hpp>

#include <actors/requests/drain.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class http_health_test : public http_fixture {
public:
  http_health_test() {
    settings.hosts.fill({"http", "pod", 80, ""});
    settings.host_of(service::agent).host = "agent";
    settings.retry = {.max_attempts = 5, .initial_interval = 10ms, .multiplier = 1e6};
    settings.retry.max_interval = 1h;
    start();
    life->board.enter(health_state::starting);
    life->board.logged_in();
  }

  asked<http_response> call(std::string target, bool repeat_safe = false,
                            service to = service::pod) {
    auto what = open_call();
    what.to = to;
    what.request.repeat_safe = repeat_safe;
    what.timeout = 10h;
    return http_fixture::call(std::move(target), std::move(what));
  }

  void finish(std::size_t which, int status, std::optional<std::uint32_t> retry_after = {}) {
    http_response response;
    response.status = status;
    response.retry_after = retry_after;
    http_fixture::finish(which, std::move(response));
  }

  void lose(std::size_t which) {
    settle(which, {failure{errc::unreachable, "no connection", 0, {}}, false});
  }

  std::vector<trouble> troubles() { return life->board.look().troubles; }
};

TEST_F(http_health_test, a_host_that_does_not_answer_is_told_until_it_does) {
  call("/a");
  lose(0);
  ASSERT_EQ(troubles().size(), 1U);
  EXPECT_EQ(troubles()[0].what, "host pod:80");
  EXPECT_NE(troubles()[0].why.find("no connection"), std::string::npos);
  EXPECT_EQ(life->hosts[0].lost.now(), 1U);
  sys.advance(1s);
  call("/b");
  finish(1, 404); // It refuses, so it is there.
  EXPECT_TRUE(troubles().empty());
  EXPECT_EQ(life->hosts[0].lost.now(), 0U);
}

TEST_F(http_health_test, a_server_error_is_trouble_when_nothing_else_succeeds) {
  call("/a");
  call("/b");
  sys.advance(1s);
  finish(1, 200);
  finish(0, 503); // Sent before the success: others are served.
  EXPECT_TRUE(troubles().empty());
  sys.advance(1s);
  call("/c");
  finish(2, 503);
  ASSERT_EQ(troubles().size(), 1U);
  EXPECT_EQ(troubles()[0].why, "HTTP 503");
}

TEST_F(http_health_test, a_request_without_an_answer_is_trouble) {
  http_call what;
  what.authorized = false;
  what.request.target = "/a";
  what.timeout = 2s;
  auto late = sys.ask<http_response>(actor, std::move(what));
  sys.run();
  sys.advance(3s);
  EXPECT_EQ(late.error(), errc::deadline_exceeded);
  ASSERT_EQ(troubles().size(), 1U);
  EXPECT_NE(troubles()[0].why.find("no answer within"), std::string::npos);
}

TEST_F(http_health_test, a_request_taken_back_after_a_long_silence_is_trouble_too) {
  http_call what;
  what.authorized = false;
  what.request.target = "/a";
  what.ticket = call_ticket::next();
  auto ticket = what.ticket;
  auto asker = sys.ask<http_response>(actor, std::move(what));
  sys.run();
  sys.advance(10s);
  caf::anon_send(actor, cancel_call{ticket});
  sys.run();
  EXPECT_EQ(asker.error(), errc::cancelled);
  EXPECT_EQ(troubles().size(), 1U);
}

TEST_F(http_health_test, a_request_that_hangs_is_trouble_before_its_deadline) {
  auto asker = call("/a");
  sys.advance(4s);
  EXPECT_TRUE(troubles().empty());
  sys.advance(7s);
  ASSERT_EQ(troubles().size(), 1U);
  EXPECT_NE(troubles()[0].why.find("no answer for"), std::string::npos);
  finish(0, 200);
  EXPECT_TRUE(troubles().empty());
  EXPECT_TRUE(asker.ok());
}

TEST_F(http_health_test, a_slow_request_among_others_is_none) {
  call("/slow");
  for (int i = 0; i < 4; ++i) {
    sys.advance(3s);
    call("/quick");
    finish(static_cast<std::size_t>(i) + 1, 200);
  }
  EXPECT_TRUE(troubles().empty());
}

TEST_F(http_health_test, an_asker_in_a_hurry_says_nothing_about_the_host) {
  http_call what;
  what.authorized = false;
  what.request.target = "/a";
  what.timeout = 50ms;
  auto asker = sys.ask<http_response>(actor, std::move(what));
  sys.run();
  sys.advance(100ms);
  EXPECT_EQ(asker.error(), errc::deadline_exceeded);
  EXPECT_TRUE(troubles().empty());
}

TEST_F(http_health_test, hosts_fare_apart) {
  call("/a");
  call("/b", false, service::agent);
  lose(1);
  ASSERT_EQ(troubles().size(), 1U);
  EXPECT_EQ(troubles()[0].what, "host agent:80");
  finish(0, 200);
  EXPECT_EQ(troubles().size(), 1U);
}

TEST_F(http_health_test, what_waits_to_be_tried_again_goes_when_the_host_is_back) {
  call("/a", true);
  lose(0);
  sys.advance(20ms);
  lose(1); // The next wait is of minutes at best.
  ASSERT_EQ(script->exchanges.size(), 2U);
  call("/probe");
  finish(2, 401);
  sys.advance(20ms);
  ASSERT_EQ(script->exchanges.size(), 4U);
  EXPECT_EQ(script->exchanges[3].target, "/a");
}

TEST_F(http_health_test, who_was_told_how_long_to_wait_waits_all_the_same) {
  call("/a", true);
  call("/b");
  call("/c");
  finish(0, 429, 60);
  lose(1);
  finish(2, 200);
  sys.advance(10s);
  EXPECT_EQ(script->exchanges.size(), 3U);
  sys.advance(60s);
  EXPECT_EQ(script->exchanges.size(), 4U);
}

TEST_F(http_health_test, a_restarted_core_does_not_take_over_what_the_old_one_said_of_hosts) {
  call("/a");
  lose(0);
  EXPECT_EQ(troubles().size(), 1U);
  sys.kill(actor);
  actor = spawn_http(sys.system, nullptr, settings, std::make_unique<scripted_client>(script), {},
                     life);
  sys.run();
  EXPECT_TRUE(troubles().empty());
  EXPECT_EQ(life->hosts[0].lost.now(), 0U);
}

TEST_F(http_health_test, counts_by_endpoint_and_outcome) {
  call("/pod/v1/user/42/x?y");
  finish(0, 200);
  call("/pod/v1/user/43/x");
  finish(1, 403);
  call("/pod/v1/user/44/x", true);
  lose(2);
  auto seen = life->endpoints.read();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].path, "/pod/v1/user/{id}/x");
  auto ended = [&](exchange_end how) { return seen[0].ended[static_cast<std::size_t>(how)]; };
  EXPECT_EQ(ended(exchange_end::ok), 1U);
  EXPECT_EQ(ended(exchange_end::refused), 1U);
  EXPECT_EQ(ended(exchange_end::unreachable), 1U);
  EXPECT_EQ(life->retries.now(), 1U);
  EXPECT_EQ(life->hosts[0].held.now(), 1U);
  EXPECT_EQ(life->hosts[0].in_flight.now(), 0U);
}

TEST_F(http_health_test, drains_when_the_last_call_is_over_and_takes_no_more) {
  auto under_way = call("/a");
  auto idle = sys.ask<drained>(caf::actor_cast<drain_actor>(actor), drain{});
  sys.run();
  EXPECT_FALSE(idle.settled());
  EXPECT_EQ(call("/b").error(), errc::shutting_down);
  finish(0, 200);
  EXPECT_TRUE(under_way.ok());
  EXPECT_TRUE(idle.ok());
}

TEST_F(http_health_test, does_not_wait_for_what_waits_to_be_tried_again) {
  auto waiting = call("/a", true);
  lose(0);
  auto idle = sys.ask<drained>(caf::actor_cast<drain_actor>(actor), drain{});
  sys.run();
  EXPECT_TRUE(idle.ok());
  EXPECT_FALSE(waiting.settled());
}

TEST_F(http_health_test, drains_at_once_when_idle) {
  auto idle = sys.ask<drained>(caf::actor_cast<drain_actor>(actor), drain{});
  sys.run();
  EXPECT_TRUE(idle.ok());
}

TEST_F(http_health_test, what_it_throws_ends_it_and_tells_the_askers) {
  auto waiting = call("/a");
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  sys.run();
  EXPECT_EQ(waiting.error(), errc::internal);
}

} // namespace
