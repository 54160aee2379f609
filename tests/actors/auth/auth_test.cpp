// The bot's own sessions: login by key and by certificate, renewal, refusal.
#include <tests/support/auth_fixture.hpp>

#include <emulator/crypto/certificate.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;

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

} // namespace
