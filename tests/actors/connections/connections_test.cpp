#include <tests/support/core_fixture.hpp>
#include <tests/support/users.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

constexpr auto ask_path = "/pod/v1/connection/create";
constexpr auto accept_path = "/pod/v1/connection/accept";
constexpr auto list_path = "/pod/v1/connection/list";

class connect_test : public core_fixture {
public:
  asked<users_connected> connect(std::initializer_list<std::int64_t> ids, connect_users more = {}) {
    more.users = users(ids);
    auto pending = sys.ask<users_connected>(handles.connections, std::move(more));
    sys.run();
    return pending;
  }

  /// The first look: no user has been asked yet.
  void nothing_yet() { http.answer(list_path, 200, "[]"); }

  void answer(const char* path, int id, const std::string& status) {
    http.answer(path, 200,
                R"({"userId":)" + std::to_string(id) + R"(,"status":")" + status + "\"}");
  }
};

TEST_F(connect_test, each_is_asked_and_the_states_are_told) {
  start();
  auto asker = connect({1, 2});
  nothing_yet();
  answer(ask_path, 1, "PENDING_OUTGOING");
  EXPECT_FALSE(asker.settled());
  answer(ask_path, 2, "ACCEPTED");
  ASSERT_TRUE(asker.ok());
  ASSERT_EQ(asker->all.size(), 2U);
  EXPECT_EQ(asker->all[0].status, connection_status::pending_outgoing);
  EXPECT_EQ(asker->all[1].status, connection_status::accepted);
}

TEST_F(connect_test, the_request_of_the_other_side_is_accepted) {
  start();
  auto asker = connect({1});
  http.answer(list_path, 200, R"([{"userId":1,"status":"PENDING_INCOMING"}])");
  EXPECT_EQ(http.waiting(accept_path).request.body, R"({"userId":1})");
  answer(accept_path, 1, "ACCEPTED");
  ASSERT_TRUE(asker.ok());
  EXPECT_EQ(asker->all.at(0).status, connection_status::accepted);
}

TEST_F(connect_test, waiting_asks_the_pod_again_at_growing_intervals) {
  start();
  auto asker = connect({1}, {.wait = true});
  nothing_yet();
  answer(ask_path, 1, "PENDING_OUTGOING");
  EXPECT_FALSE(asker.settled());
  sys.advance(900ms);
  EXPECT_EQ(http.count(list_path), 1);
  sys.advance(200ms);
  EXPECT_EQ(http.waiting(list_path).request.target, "/pod/v1/connection/list?status=ALL&userIds=1");
  http.answer(list_path, 200, R"([{"userId":1,"status":"PENDING_OUTGOING"}])");
  int looks = 2;
  for (int second = 0; second < 120; ++second) {
    sys.advance(1s);
    if (http.count(list_path) > looks) {
      ++looks;
      http.answer(list_path, 200, R"([{"userId":1,"status":"PENDING_OUTGOING"}])");
    }
  }
  EXPECT_LT(looks, 20);
  sys.advance(16s);
  http.answer(list_path, 200, R"([{"userId":1,"status":"ACCEPTED"}])");
  ASSERT_TRUE(asker.ok());
}

TEST_F(connect_test, one_look_serves_all_who_wait_and_a_refusal_ends_the_wait) {
  start();
  auto first = connect({1}, {.wait = true});
  auto second = connect({2}, {.wait = true});
  nothing_yet();
  nothing_yet();
  answer(ask_path, 1, "PENDING_OUTGOING");
  answer(ask_path, 2, "PENDING_OUTGOING");
  sys.advance(1100ms);
  EXPECT_EQ(http.count(list_path), 3);
  http.answer(list_path, 200,
              R"([{"userId":1,"status":"ACCEPTED"},{"userId":2,"status":"REJECTED"}])");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(second->all.at(0).status, connection_status::rejected);
}

TEST_F(connect_test, a_look_settles_its_own_caller_only) {
  start();
  auto bot_s = connect({1}, {.wait = true});
  nothing_yet();
  answer(ask_path, 1, "PENDING_OUTGOING");
  auto user_s = connect({1}, {.as = identity::on_behalf_of(user(7)), .wait = true});
  nothing_yet();
  answer(ask_path, 1, "PENDING_OUTGOING");
  sys.advance(1100ms);
  http.answer(list_path, 200, R"([{"userId":1,"status":"ACCEPTED"}])");
  EXPECT_NE(bot_s.settled(), user_s.settled());
}

TEST_F(connect_test, a_wait_that_is_taken_back_looks_no_more) {
  start();
  auto ticket = call_ticket::next();
  auto asker = connect({1}, {.wait = true, .ticket = ticket});
  nothing_yet();
  answer(ask_path, 1, "PENDING_OUTGOING");
  caf::anon_send(handles.connections, cancel_connect{ticket});
  sys.run();
  EXPECT_EQ(asker.error(), errc::cancelled);
  sys.advance(60s);
  EXPECT_EQ(http.count(list_path), 1);
}

TEST_F(connect_test, a_wait_ends_with_its_time_and_then_nobody_looks) {
  start();
  auto asker = connect({1}, {.wait = true, .timeout = 5s});
  nothing_yet();
  answer(ask_path, 1, "PENDING_OUTGOING");
  sys.advance(6s);
  EXPECT_EQ(asker.error(), errc::deadline_exceeded);
  auto looks = http.count(list_path);
  sys.advance(60s);
  EXPECT_LE(http.count(list_path), looks + 1);
}

TEST_F(connect_test, who_has_been_asked_or_has_declined_is_not_asked_again) {
  start();
  auto asker = connect({1, 2});
  http.answer(list_path, 200,
              R"([{"userId":1,"status":"REJECTED"},{"userId":2,"status":"PENDING_OUTGOING"}])");
  ASSERT_TRUE(asker.ok());
  EXPECT_EQ(http.count(ask_path), 0);
}

TEST_F(connect_test, an_app_that_may_not_look_is_told_and_does_not_wait_for_nothing) {
  start();
  auto asker = connect({1}, {.as = identity::on_behalf_of(user(7)), .wait = true});
  http.answer(list_path, 403, "{}");
  answer(ask_path, 1, "PENDING_OUTGOING");
  sys.advance(1100ms);
  http.answer(list_path, 403, "{}");
  EXPECT_EQ(asker.error(), errc::not_entitled);
  EXPECT_NE(asker.why().detail.find("GET_USER_CONNECTIONS"), std::string::npos);
}

TEST_F(connect_test, who_cannot_be_asked_is_a_failure_and_the_end_tells_everybody) {
  start();
  auto nobody = connect({1});
  nothing_yet();
  http.answer(ask_path, 404, R"({"code":404,"message":"no such user"})");
  EXPECT_EQ(nobody.error(), errc::unknown_user);
  auto left = connect({2}, {.wait = true});
  nothing_yet();
  answer(ask_path, 2, "PENDING_OUTGOING");
  auto listed = sys.ask<connections_listed>(handles.connections, list_connections{});
  sys.run();
  sys.kill(handles.connections);
  EXPECT_EQ(left.error(), errc::shutting_down);
  EXPECT_EQ(listed.error(), errc::shutting_down);
}

TEST_F(connect_test, single_steps_go_to_their_own_paths) {
  start();
  auto step = [this](connection_step which) {
    auto pending =
        sys.ask<connection_info>(handles.connections, change_connection{{}, user(1), which});
    sys.run();
    return pending;
  };
  auto rejected = step(connection_step::reject);
  answer("/pod/v1/connection/reject", 1, "REJECTED");
  ASSERT_TRUE(rejected.ok());
  EXPECT_EQ(rejected->status, connection_status::rejected);
  auto removed = step(connection_step::remove);
  http.answer("/pod/v1/connection/user/1/remove", 200,
              R"({"format":"TEXT","message":"Connection Removed."})");
  ASSERT_TRUE(removed.ok());
  EXPECT_EQ(removed->status, connection_status::none);
}

// -- im.connect ---------------------------------------------------------------------------

/// Users of other companies: visible, and not connected.
class im_connect_test : public connect_test {
public:
  void begin(connect_policy policy) {
    settings.im.connect = policy;
    replacements.entitlement = [](const core_context& context) {
      return context.system.spawn([]() -> entitlement_actor::behavior_type {
        return {[](const check_entitlement& asked) {
          return entitlement_checked{
              verdict::denied, {errc::not_connected, "not connected", 0, {}}, asked.users};
        }};
      });
    };
    start();
  }
};

TEST_F(im_connect_test, never_sends_no_request) {
  begin(connect_policy::never);
  auto asker = open({user(1)});
  EXPECT_EQ(asker.error(), errc::not_connected);
  EXPECT_EQ(http.count(ask_path), 0);
}

TEST_F(im_connect_test, ask_sends_it_once_and_tells_the_state) {
  begin(connect_policy::ask);
  auto first = open({user(1)});
  auto second = open({user(1)});
  nothing_yet();
  EXPECT_EQ(http.count(ask_path), 1);
  answer(ask_path, 1, "PENDING_OUTGOING");
  EXPECT_EQ(first.error(), errc::not_connected);
  EXPECT_EQ(second.error(), errc::not_connected);
  EXPECT_EQ(first.why().code, "connection_asked");
  EXPECT_NE(first.why().detail.find("PENDING_OUTGOING"), std::string::npos);
}

TEST_F(im_connect_test, wait_opens_the_im_when_they_agree) {
  begin(connect_policy::wait);
  auto asker = open({user(1)});
  nothing_yet();
  answer(ask_path, 1, "PENDING_OUTGOING");
  sys.advance(1100ms);
  EXPECT_EQ(http.count(create_path), 0);
  http.answer(list_path, 200, R"([{"userId":1,"status":"ACCEPTED"}])");
  created("S1");
  ASSERT_TRUE(asker.ok());
  EXPECT_EQ(asker->stream.text(), "S1");
}

TEST_F(im_connect_test, wait_ends_with_the_deadline_and_says_what_it_waited_for) {
  begin(connect_policy::wait);
  auto asker = open({user(1)}, {.timeout = 3s});
  nothing_yet();
  answer(ask_path, 1, "PENDING_OUTGOING");
  sys.advance(1100ms);
  http.answer(list_path, 200, R"([{"userId":1,"status":"PENDING_OUTGOING"}])");
  sys.advance(3s);
  EXPECT_EQ(asker.error(), errc::deadline_exceeded);
  EXPECT_EQ(asker.why().code, "connection_pending");
  http.answer(list_path, 200,
              R"([{"userId":1,"status":"PENDING_OUTGOING"}])"); // On its way by then.
  auto looks = http.count(list_path);
  sys.advance(60s);
  EXPECT_EQ(http.count(list_path), looks) << "nobody waits any more";
}

TEST_F(im_connect_test, wait_ends_when_they_decline) {
  begin(connect_policy::wait);
  auto asker = open({user(1)});
  nothing_yet();
  answer(ask_path, 1, "REJECTED");
  EXPECT_EQ(asker.error(), errc::not_connected);
  EXPECT_NE(asker.why().detail.find("REJECTED"), std::string::npos);
}

TEST_F(im_connect_test, a_pod_that_refuses_all_the_same_is_not_asked_for_ever) {
  begin(connect_policy::wait);
  auto asker = open({user(1)});
  nothing_yet();
  answer(ask_path, 1, "ACCEPTED");
  http.answer(create_path, 403, R"({"code":403,"message":"no"})");
  EXPECT_EQ(asker.error(), errc::not_connected);
  EXPECT_EQ(http.count(ask_path), 1);
}

} // namespace
