#include <tests/support/core_fixture.hpp>

#include <actors/supervision/health_probe.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

constexpr auto info_path = "/pod/v2/sessioninfo";

/// The probe above a scripted http and an auth that refuses while `refusing`.
class health_probe_test : public core_fixture {
public:
  health_probe_test() {
    replacements.auth = [this](const core_context& context) {
      return context.system.spawn([this](auth_actor::pointer self) -> auth_actor::behavior_type {
        return {[this, self](const whoami&) {
                  ++logins;
                  auto promise =
                      self->make_response_promise<caf::typed_response_promise<caller_info>>();
                  if (refusing)
                    promise.deliver(to_error({errc::login_refused, "no", 401, {}}));
                  else
                    promise.deliver(caller_info{own_id, "bot", "Bot"});
                  return promise;
                },
                [](const identify_user&) { return caller_info{}; }};
      });
    };
  }

  void begin() {
    start();
    life->board.enter(health_state::starting);
    probe = spawn_health_probe(sys.system, handles, 1s, life);
    sys.run();
  }

  ~health_probe_test() override { sys.kill(probe); }

  health_state state() const { return life->board.look().state; }

  void lose() {
    life->hosts[0].lost.set(1);
    life->board.raise("host pod", "no answer");
    sys.run();
  }

  caf::actor probe;
  bool refusing = false;
  int logins = 0;
};

TEST_F(health_probe_test, logs_in_at_start_and_then_sleeps) {
  begin();
  EXPECT_EQ(state(), health_state::ready);
  sys.advance(1h);
  EXPECT_EQ(logins, 1);
  EXPECT_EQ(http.seen().calls.size(), 0U);
}

TEST_F(health_probe_test, a_refused_login_is_tried_again_with_growing_pauses) {
  refusing = true;
  begin();
  EXPECT_EQ(state(), health_state::starting);
  EXPECT_EQ(logins, 1);
  sys.advance(1s);
  EXPECT_EQ(logins, 2);
  sys.advance(1s);
  EXPECT_EQ(logins, 2);
  sys.advance(1s);
  EXPECT_EQ(logins, 3);
  refusing = false;
  sys.advance(4s);
  EXPECT_EQ(state(), health_state::ready);
}

TEST_F(health_probe_test, a_lost_host_is_asked_without_a_session_until_it_is_back) {
  begin();
  lose();
  EXPECT_EQ(http.count(info_path), 0); // Not at once: the request that failed has just been there.
  sys.advance(1s);
  ASSERT_EQ(http.count(info_path), 1);
  EXPECT_FALSE(http.waiting(info_path).authorized);
  EXPECT_FALSE(http.waiting(info_path).request.repeat_safe);
  sys.advance(10s);
  EXPECT_EQ(http.count(info_path), 1) << "one question at a time";
  http.fail(info_path, errc::unreachable);
  sys.advance(1s);
  EXPECT_EQ(http.count(info_path), 2);
  // http notices the answer and clears the trouble.
  life->hosts[0].lost.set(0);
  life->board.clear("host pod");
  http.answer(info_path, 401, "{}");
  sys.advance(1s);
  // Once with the session: a pod that was restarted may not take it, or the bot, any more.
  ASSERT_EQ(http.count(info_path), 3);
  EXPECT_TRUE(http.waiting(info_path).authorized);
  http.answer(info_path, 200, "{}");
  sys.advance(1h);
  EXPECT_EQ(http.count(info_path), 3);
}

TEST_F(health_probe_test, a_login_that_fails_later_is_tried_again_once_the_host_is_there) {
  begin();
  lose();
  life->board.raise(login_trouble, "no answer");
  sys.run();
  sys.advance(1s);
  http.answer(info_path, 401, "{}"); // Of the lost host.
  life->hosts[0].lost.set(0);
  life->board.clear("host pod");
  sys.run();
  sys.advance(1s);
  ASSERT_EQ(http.count(info_path), 2);
  EXPECT_TRUE(http.waiting(info_path).authorized);
  http.answer(info_path, 200, "{}");
  EXPECT_EQ(state(), health_state::ready);
  sys.advance(1h);
  EXPECT_EQ(http.count(info_path), 2);
}

} // namespace
