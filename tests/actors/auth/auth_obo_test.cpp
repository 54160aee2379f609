// Sessions on behalf of users.
#include <tests/support/auth_fixture.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;

class obo_test : public auth_test {
public:
  static constexpr auto app_path = "/login/pubkey/app/authenticate";
  static constexpr auto ada_path = "/login/pubkey/app/user/7/authenticate";
  const identity ada = identity::on_behalf_of(*user_id::make(7));

  void start_with_app() {
    settings.app.id = "my-app";
    settings.app.private_key.content = keys().private_pem;
    start(keys().private_pem);
  }
};

TEST_F(obo_test, a_user_s_session_is_asked_for_in_the_app_s) {
  start_with_app();
  http.demand({ada, {}});
  const auto& login = http.waiting(ada_path);
  EXPECT_TRUE(login.authorized);
  EXPECT_TRUE(login.as.is_app());
  EXPECT_EQ(login.request.body, "");
  http.answer(ada_path, 200, R"({"token":"U7"})");
  ASSERT_EQ(http.seen().leases.size(), 1U);
  EXPECT_EQ(http.seen().leases[0].as, ada);
  EXPECT_EQ(http.seen().leases[0].current.reveal(), "U7");
}

TEST_F(obo_test, the_app_logs_in_with_its_own_name_and_key) {
  start_with_app();
  http.demand({identity::of_app(), {}});
  const auto& login = http.waiting(app_path);
  EXPECT_FALSE(login.authorized);
  auto body = login.request.body;
  auto claims = emulator::read_jwt(body.substr(10, body.size() - 12));
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->subject, "my-app");
  http.answer(app_path, 200, R"({"token":"A"})");
  ASSERT_EQ(http.seen().leases.size(), 1U);
  EXPECT_TRUE(http.seen().leases[0].as.is_app());
}

TEST_F(obo_test, identities_log_in_beside_each_other_and_once_each) {
  start_with_app();
  auto ben = identity::on_behalf_of(*user_id::make(8));
  http.demand({ada, {}});
  http.demand({ben, {}});
  http.demand({ada, {}});
  EXPECT_EQ(http.count(ada_path), 1);
  EXPECT_EQ(http.count("/login/pubkey/app/user/8/authenticate"), 1);
}

TEST_F(obo_test, an_app_that_may_not_act_for_the_user_is_told_with_the_permission) {
  start_with_app();
  http.demand({ada, {}});
  http.answer(ada_path, 403, R"({"code":403,"message":"no"})");
  ASSERT_EQ(http.seen().refusals.size(), 1U);
  const auto& why = http.seen().refusals[0].why;
  EXPECT_EQ(why.error, errc::not_entitled);
  EXPECT_EQ(why.code, "obo");
  EXPECT_NE(why.detail.find("ACT_AS_USER"), std::string::npos) << why.detail;
}

TEST_F(obo_test, a_user_by_name_is_logged_in_and_asked_who_it_is_once) {
  start_with_app();
  constexpr auto name_path = "/login/pubkey/app/username/eve%40x/authenticate";
  auto first = sys.ask<caller_info>(actor, identify_user{"eve@x"});
  auto second = sys.ask<caller_info>(actor, identify_user{"eve@x"});
  sys.run();
  EXPECT_EQ(http.count(name_path), 1);
  EXPECT_TRUE(http.waiting(name_path).as.is_app());
  http.answer(name_path, 200, R"({"token":"E"})");
  const auto& question = http.waiting(info_path);
  EXPECT_FALSE(question.authorized);
  EXPECT_EQ(question.request.headers, "sessionToken: E\r\n");
  http.answer(info_path, 200, R"({"id":9,"username":"eve@x"})");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->id, *user_id::make(9));
  ASSERT_EQ(http.seen().leases.size(), 1U);
  EXPECT_EQ(http.seen().leases[0].as, identity::on_behalf_of(*user_id::make(9)));
  auto third = sys.ask<caller_info>(actor, identify_user{"eve@x"});
  sys.run();
  EXPECT_TRUE(third.ok());
  EXPECT_EQ(http.count(name_path), 1);
}

TEST_F(obo_test, a_name_of_nobody_and_a_missing_permission_are_told) {
  start_with_app();
  auto nobody = sys.ask<caller_info>(actor, identify_user{"x"});
  sys.run();
  http.answer("/login/pubkey/app/username/x/authenticate", 400, R"({"message":"no such"})");
  EXPECT_EQ(nobody.error(), errc::unknown_user);
  // What is left when the app's session has been renewed.
  auto refused = sys.ask<caller_info>(actor, identify_user{"y"});
  sys.run();
  http.fail("/login/pubkey/app/username/y/authenticate",
            failure{errc::unauthorized, "HTTP 401 with a renewed session", 401, {}});
  EXPECT_EQ(refused.error(), errc::unknown_user);
  EXPECT_NE(refused.why().detail.find("the pod has no such user"), std::string::npos);
  auto eve = sys.ask<caller_info>(actor, identify_user{"eve"});
  sys.run();
  http.answer("/login/pubkey/app/username/eve/authenticate", 200, R"({"token":"E"})");
  http.answer(info_path, 403, R"({"message":"no"})");
  EXPECT_EQ(eve.error(), errc::not_entitled);
  EXPECT_NE(eve.why().detail.find("GET_BASIC_USER_INFO"), std::string::npos);
}

TEST_F(obo_test, who_asks_for_a_user_by_name_is_told_of_the_end) {
  start_with_app();
  auto asker = sys.ask<caller_info>(actor, identify_user{"eve"});
  sys.run();
  sys.kill(actor);
  EXPECT_EQ(asker.error(), errc::shutting_down);
}

TEST_F(obo_test, without_a_bot_only_users_are_acted_for) {
  settings.app.id = "my-app";
  settings.app.private_key.content = keys().private_pem;
  actor = spawn_auth(sys.system, nullptr, settings, http.handle(), {});
  sys.run();
  http.demand({});
  ASSERT_EQ(http.seen().refusals.size(), 1U);
  EXPECT_NE(http.seen().refusals[0].why.detail.find("bot.username"), std::string::npos);
  http.demand({ada, {}});
  EXPECT_EQ(http.count(ada_path), 1);
}

TEST_F(obo_test, ten_thousand_users_are_served_with_as_many_sessions_as_are_allowed) {
  settings.app.max_sessions = 100;
  start_with_app();
  for (int i = 1; i <= 10'000; ++i) {
    auto who = identity::on_behalf_of(*user_id::make(i));
    http.demand({who, {}});
    http.answer("/login/pubkey/app/user/" + std::to_string(i) + "/authenticate", 200,
                R"({"token":"U)" + std::to_string(i) + "\"}");
  }
  ASSERT_EQ(http.seen().leases.size(), 10'000U);
  for (int i = 1; i <= 10'000; ++i)
    ASSERT_EQ(http.seen().leases[static_cast<std::size_t>(i) - 1].current.reveal(),
              "U" + std::to_string(i));
  // A session that is still at hand is leased at once; the others would need a login again.
  for (int i = 1; i <= 10'000; ++i)
    http.demand({identity::on_behalf_of(*user_id::make(i)), {}});
  auto at_hand = http.seen().leases.size() - 10'000;
  EXPECT_GE(at_hand, 1U);
  EXPECT_LE(at_hand, settings.app.max_sessions + 2); // The bot's and the app's.
}

TEST_F(obo_test, a_user_the_pod_refuses_is_not_asked_for_each_time) {
  start_with_app();
  http.demand({ada, {}});
  http.fail(ada_path, errc::unauthorized);
  http.demand({ada, {}});
  http.demand({ada, {}});
  EXPECT_EQ(http.count(ada_path), 1);
  EXPECT_EQ(http.seen().refusals.size(), 3U);
}

TEST_F(obo_test, nobody_is_acted_for_without_an_app) {
  start(keys().private_pem);
  http.demand({ada, {}});
  ASSERT_EQ(http.seen().refusals.size(), 1U);
  EXPECT_NE(http.seen().refusals[0].why.detail.find("app.appId"), std::string::npos);
}

} // namespace
