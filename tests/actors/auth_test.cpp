#include <tests/support/scripted_http.hpp>

#include <actors/auth.hpp>
#include <actors/wire/endpoints.hpp>
#include <emulator/certificate.hpp>
#include <emulator/jwt.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;

constexpr auto login_path = "/login/pubkey/authenticate";
constexpr auto info_path = "/pod/v2/sessioninfo";

const emulator::key_pair& keys() {
  static const auto made = emulator::make_key_pair();
  return made;
}

class auth_test : public ::testing::Test {
public:
  void start(const std::string& key) {
    settings.bot.username = "bot";
    settings.bot.private_key.content = key;
    actor = spawn_auth(sys.system, nullptr, settings, http.handle(), {});
    sys.run();
  }

  ~auth_test() override { sys.kill(actor); }

  asked<caller_info> whoami_of(identity as = {}) {
    auto pending = sys.ask<caller_info>(actor, whoami{as});
    sys.run();
    return pending;
  }

  void token(const std::string& text) {
    http.answer(login_path, 200, R"({"name":"sessionToken","token":")" + text + R"("})");
  }

  config settings;
  virtual_system sys;
  scripted_http http{sys};
  auth_actor actor;
};

TEST_F(auth_test, a_demand_logs_in_and_lends_the_session) {
  start(keys().private_pem);
  http.demand({});
  const auto& login = http.waiting(login_path);
  EXPECT_FALSE(login.authorized);
  EXPECT_EQ(login.request.method, http_method::post);
  token("T1");
  ASSERT_EQ(http.seen().leases.size(), 1U);
  EXPECT_EQ(http.seen().leases[0].current.reveal(), "T1");
}

TEST_F(auth_test, the_login_is_signed_for_the_bot_and_ends_in_240_seconds) {
  start(keys().private_pem);
  http.demand({});
  auto body = http.waiting(login_path).request.body;
  auto jwt = body.substr(10, body.size() - 12); // {"token":"..."}
  auto claims = emulator::read_jwt(jwt);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->subject, "bot");
  EXPECT_TRUE(emulator::signed_by(jwt, keys().public_pem));
  auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  EXPECT_GT(claims->expires, now + 200);
  EXPECT_LE(claims->expires, now + 240);
}

TEST_F(auth_test, one_login_is_in_flight_however_often_a_session_is_wanted) {
  start(keys().private_pem);
  http.demand({});
  http.demand({});
  http.demand({});
  EXPECT_EQ(http.count(login_path), 1);
}

TEST_F(auth_test, a_rejected_session_is_renewed) {
  start(keys().private_pem);
  http.demand({});
  token("T1");
  http.demand({{}, session{"T1"}});
  EXPECT_EQ(http.count(login_path), 2);
  token("T2");
  EXPECT_EQ(http.seen().leases.back().current.reveal(), "T2");
}

TEST_F(auth_test, late_news_of_an_old_session_lends_the_newer_one_again) {
  start(keys().private_pem);
  http.demand({});
  token("T1");
  http.demand({{}, session{"T1"}});
  token("T2");
  http.demand({{}, session{"T1"}});
  EXPECT_EQ(http.count(login_path), 2);
  EXPECT_EQ(http.seen().leases.back().current.reveal(), "T2");
}

TEST_F(auth_test, a_refused_login_is_told_with_the_way_out_and_not_repeated) {
  start(keys().private_pem);
  http.demand({});
  http.answer(login_path, 401, R"({"code":401,"message":"bad signature"})");
  ASSERT_EQ(http.seen().refusals.size(), 1U);
  const auto& why = http.seen().refusals[0].why;
  EXPECT_EQ(why.error, errc::login_refused);
  EXPECT_NE(why.detail.find("bad signature"), std::string::npos);
  EXPECT_NE(why.detail.find("bot.privateKey"), std::string::npos);
  EXPECT_EQ(http.count(login_path), 1);
}

TEST_F(auth_test, other_failures_of_the_login_keep_their_errc) {
  start(keys().private_pem);
  http.demand({});
  http.fail(login_path, errc::unreachable);
  EXPECT_EQ(http.seen().refusals.back().why.error, errc::unreachable);
  http.demand({});
  http.answer(login_path, 200, "<html>");
  EXPECT_EQ(http.seen().refusals.back().why.error, errc::protocol_error);
  http.demand({});
  http.answer(login_path, 503, "");
  EXPECT_EQ(http.seen().refusals.back().why.error, errc::unreachable);
}

TEST_F(auth_test, a_key_that_cannot_be_read_is_a_refused_login_that_names_it) {
  start("not a key");
  http.demand({});
  ASSERT_EQ(http.seen().refusals.size(), 1U);
  EXPECT_EQ(http.seen().refusals[0].why.error, errc::login_refused);
  EXPECT_NE(http.seen().refusals[0].why.detail.find("bot.privateKey.content"), std::string::npos);
  EXPECT_EQ(http.count(login_path), 0);
}

TEST_F(auth_test, a_session_on_behalf_of_a_user_is_refused_without_an_app) {
  start(keys().private_pem);
  http.demand({identity::on_behalf_of(*user_id::make(42)), {}});
  ASSERT_EQ(http.seen().refusals.size(), 1U);
  EXPECT_EQ(http.seen().refusals[0].why.error, errc::unauthorized);
}

TEST_F(auth_test, the_caller_is_looked_up_once_and_remembered) {
  start(keys().private_pem);
  auto first = whoami_of();
  auto second = whoami_of();
  EXPECT_EQ(http.count(info_path), 1);
  http.answer(info_path, 200, R"({"id":7,"username":"bot","displayName":"The bot"})");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->id, *user_id::make(7));
  EXPECT_EQ(second->display_name, "The bot");
  EXPECT_TRUE(whoami_of().ok());
  EXPECT_EQ(http.count(info_path), 1);
}

TEST_F(auth_test, a_failed_look_up_is_told_and_tried_again_by_the_next) {
  start(keys().private_pem);
  auto first = whoami_of();
  http.fail(info_path, errc::login_refused);
  EXPECT_EQ(first.error(), errc::login_refused);
  whoami_of();
  EXPECT_EQ(http.count(info_path), 2);
}

TEST_F(auth_test, everybody_is_told_when_it_ends) {
  start(keys().private_pem);
  auto asker = whoami_of();
  sys.kill(actor);
  EXPECT_EQ(asker.error(), errc::shutting_down);
}

TEST_F(auth_test, a_refusal_stands_for_a_while) {
  start(keys().private_pem);
  http.demand({});
  http.answer(login_path, 401, R"({"code":401,"message":"no"})");
  ASSERT_EQ(http.seen().refusals.size(), 1U);
  http.demand({});
  http.demand({});
  EXPECT_EQ(http.count(login_path), 1) << "the pod need not hear of each";
  EXPECT_EQ(http.seen().refusals.size(), 3U);
  EXPECT_EQ(http.seen().refusals[2].why.error, errc::login_refused);
  sys.advance(std::chrono::seconds{6});
  http.demand({});
  EXPECT_EQ(http.count(login_path), 2);
}

// -- on behalf of users ---------------------------------------------------------------

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
}

// -- by certificate -----------------------------------------------------------------------

class certificate_login_test : public auth_test {
public:
  void start_with(const std::string& content, const std::string& password = {}) {
    settings.bot.username = "bot";
    settings.bot.certificate = {"", content, password};
    actor = spawn_auth(sys.system, nullptr, settings, http.handle(), {});
    sys.run();
  }

  static constexpr auto path = "/sessionauth/v1/authenticate";
  const emulator::certificate authority = emulator::make_certificate({"localhost"});
};

TEST_F(certificate_login_test, the_certificate_is_shown_to_the_session_authentication_host) {
  start_with(emulator::make_client_certificate(authority, "bot"));
  http.demand({});
  const auto& login = http.waiting(path);
  EXPECT_EQ(login.to, service::session_auth);
  EXPECT_FALSE(login.authorized);
  EXPECT_EQ(login.request.body, "");
  ASSERT_TRUE(login.certificate);
  auto shown = login.certificate;
  http.answer(path, 200, R"({"name":"sessionToken","token":"C1"})");
  EXPECT_EQ(http.seen().leases.at(0).current.reveal(), "C1");
  http.demand({{}, session{"C1"}});
  EXPECT_EQ(http.waiting(path).certificate, shown) << "its connection can be found again";
}

TEST_F(certificate_login_test, what_the_pod_does_not_know_is_a_refused_login) {
  start_with(emulator::make_client_certificate(authority, "bot"));
  http.demand({});
  http.answer(path, 403, R"({"code":403,"message":"who is that"})");
  const auto& why = http.seen().refusals.at(0).why;
  EXPECT_EQ(why.error, errc::login_refused);
  EXPECT_NE(why.detail.find("bot.certificate"), std::string::npos) << why.detail;
  EXPECT_NE(why.detail.find("who is that"), std::string::npos) << why.detail;
}

TEST_F(certificate_login_test, a_store_that_cannot_be_used_never_reaches_the_pod) {
  start_with("no certificate");
  http.demand({});
  EXPECT_EQ(http.count(path), 0);
  const auto& why = http.seen().refusals.at(0).why;
  EXPECT_EQ(why.error, errc::login_refused);
  EXPECT_NE(why.detail.find("bot.certificate"), std::string::npos) << why.detail;
}

// -- common JWT ---------------------------------------------------------------------------

class common_jwt_test : public auth_test {
public:
  static constexpr auto jwt_path = "/login/idm/tokens";

  void start_with_jwt() {
    settings.common_jwt.enabled = true;
    start(keys().private_pem);
    http.demand({});
    token("T1");
  }

  void give(const std::string& jwt, int seconds) {
    http.answer(jwt_path, 200,
                R"({"token_type":"Bearer","access_token":")" + jwt + R"(","expires_in":)" +
                    std::to_string(seconds) + "}");
  }

  std::string lent() { return wire::session_header(http.seen().leases.back().current); }
};

TEST_F(common_jwt_test, it_is_asked_for_where_the_login_gives_none) {
  start_with_jwt();
  EXPECT_TRUE(http.seen().leases.empty());
  EXPECT_EQ(http.waiting(jwt_path).request.headers, "sessionToken: T1\r\n");
  give("J1", 300);
  EXPECT_EQ(lent(), "Authorization: Bearer J1\r\n");
}

TEST_F(common_jwt_test, it_is_renewed_before_it_ends) {
  start_with_jwt();
  give("J1", 300);
  sys.advance(std::chrono::seconds{260});
  EXPECT_EQ(http.count(jwt_path), 1);
  sys.advance(std::chrono::seconds{15});
  EXPECT_EQ(http.count(jwt_path), 2);
  give("J2", 300);
  EXPECT_EQ(lent(), "Authorization: Bearer J2\r\n");
  EXPECT_EQ(http.count(login_path), 1);
}

TEST_F(common_jwt_test, a_session_that_has_ended_is_had_anew) {
  start_with_jwt();
  give("J1", 300);
  sys.advance(std::chrono::seconds{275});
  http.answer(jwt_path, 401, R"({"code":401,"message":"Invalid session"})");
  EXPECT_EQ(http.count(login_path), 2);
  token("T2");
  give("J2", 300);
  EXPECT_EQ(lent(), "Authorization: Bearer J2\r\n");
}

TEST_F(common_jwt_test, a_renewal_that_fails_is_tried_again_while_the_old_one_serves) {
  start_with_jwt();
  give("J1", 300);
  sys.advance(std::chrono::seconds{275});
  http.answer(jwt_path, 503, "");
  EXPECT_TRUE(http.seen().refusals.empty());
  sys.advance(std::chrono::seconds{12});
  EXPECT_EQ(http.count(jwt_path), 3);
  give("J2", 300);
  EXPECT_EQ(lent(), "Authorization: Bearer J2\r\n");
  EXPECT_EQ(http.count(login_path), 1);
}

TEST_F(common_jwt_test, an_absurd_lifetime_neither_spins_nor_overflows) {
  start_with_jwt();
  give("J1", 1);
  sys.advance(std::chrono::seconds{8});
  EXPECT_EQ(http.count(jwt_path), 1);
  sys.advance(std::chrono::seconds{2});
  EXPECT_EQ(http.count(jwt_path), 2);
  http.answer(jwt_path, 200, R"({"access_token":"J2","expires_in":9223372036854775807})");
  EXPECT_EQ(lent(), "Authorization: Bearer J2\r\n");
}

TEST_F(common_jwt_test, what_the_login_gives_is_used_until_its_own_end) {
  settings.common_jwt.enabled = true;
  start(keys().private_pem);
  http.demand({});
  auto ends = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) + 100;
  auto jwt =
      emulator::make_jwt(R"({"sub":"bot","exp":)" + std::to_string(ends) + "}", keys().private_pem);
  http.answer(login_path, 200,
              R"({"name":"sessionToken","token":"T","authorizationToken":"Bearer )" + jwt + "\"}");
  EXPECT_EQ(lent(), "Authorization: Bearer " + jwt + "\r\n");
  sys.advance(std::chrono::seconds{95});
  EXPECT_EQ(http.count(jwt_path), 1);
}

TEST_F(common_jwt_test, a_pod_that_has_none_is_told_with_the_way_out) {
  start_with_jwt();
  http.answer(jwt_path, 404, "");
  const auto& why = http.seen().refusals.at(0).why;
  EXPECT_EQ(why.error, errc::misconfigured);
  EXPECT_NE(why.detail.find("commonJwt.enabled"), std::string::npos);
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
