// The common JWT beside a session.
#include <tests/support/auth_fixture.hpp>

#include <wire/endpoints.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;

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

  std::string leased() { return wire::session_header(http.seen().leases.back().current); }
};

TEST_F(common_jwt_test, it_is_asked_for_where_the_login_gives_none) {
  start_with_jwt();
  EXPECT_TRUE(http.seen().leases.empty());
  EXPECT_EQ(http.waiting(jwt_path).request.headers, "sessionToken: T1\r\n");
  give("J1", 300);
  EXPECT_EQ(leased(), "Authorization: Bearer J1\r\n");
}

TEST_F(common_jwt_test, it_is_renewed_before_it_ends) {
  start_with_jwt();
  give("J1", 300);
  sys.advance(std::chrono::seconds{260});
  EXPECT_EQ(http.count(jwt_path), 1);
  sys.advance(std::chrono::seconds{15});
  EXPECT_EQ(http.count(jwt_path), 2);
  give("J2", 300);
  EXPECT_EQ(leased(), "Authorization: Bearer J2\r\n");
  EXPECT_EQ(http.count(login_path), 1);
}

TEST_F(common_jwt_test, a_session_that_has_ended_is_renewed) {
  start_with_jwt();
  give("J1", 300);
  sys.advance(std::chrono::seconds{275});
  http.answer(jwt_path, 401, R"({"code":401,"message":"Invalid session"})");
  EXPECT_EQ(http.count(login_path), 2);
  token("T2");
  give("J2", 300);
  EXPECT_EQ(leased(), "Authorization: Bearer J2\r\n");
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
  EXPECT_EQ(leased(), "Authorization: Bearer J2\r\n");
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
  EXPECT_EQ(leased(), "Authorization: Bearer J2\r\n");
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
  EXPECT_EQ(leased(), "Authorization: Bearer " + jwt + "\r\n");
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

} // namespace
