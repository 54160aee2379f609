#include <actors/http/call_headers.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using ::testing::HasSubstr;

class call_headers_test : public ::testing::Test {
public:
  call_headers_test() {
    settings.hosts[0].default_headers = {{"X-Gateway", "gateway-secret"}};
    one.trace = {'T', 'r', 'a', 'c', 'e', '1'};
  }

  /// The next call's lines.
  std::string make(const session_leases::lease* lease = nullptr) {
    return std::string{headers().make(one, lease)};
  }

  call_headers& headers() {
    if (!made)
      made.emplace(settings);
    return *made;
  }

  config settings;
  std::optional<call_headers> made;
  pending_call one;
  session_leases::lease lease{
      "sessionToken: token\r\n", {}, std::make_shared<const std::string>("token and proof"), 7};
};

TEST_F(call_headers_test, the_session_comes_first_and_the_trace_last) {
  one.call.request.headers = "X-Own: 1\r\n";
  EXPECT_EQ(make(&lease), "sessionToken: token\r\nX-Own: 1\r\nX-Trace-Id: Trace1\r\n");
  EXPECT_EQ(one.session_number, 7U);
}

TEST_F(call_headers_test, of_one_call_nothing_gets_into_the_next) {
  make(&lease);
  EXPECT_EQ(make(), "X-Trace-Id: Trace1\r\n");
}

TEST_F(call_headers_test, a_call_keeps_the_secrets_of_its_session) {
  make(&lease);
  EXPECT_EQ(one.secrets, lease.secrets);
}

TEST_F(call_headers_test, headers_of_the_caller_are_secrets_too) {
  one.call.request.headers = "X-Own: own-secret\r\n";
  make(&lease);
  EXPECT_THAT(*one.secrets, HasSubstr("own-secret"));
  EXPECT_THAT(*one.secrets, HasSubstr("sessionToken: token"));
  EXPECT_THAT(*one.secrets, HasSubstr("gateway-secret"));
}

TEST_F(call_headers_test, without_any_of_its_own_a_call_has_the_hosts_secrets) {
  one.call.authorized = true;
  make();
  EXPECT_THAT(*one.secrets, HasSubstr("gateway-secret"));
}

TEST_F(call_headers_test, what_a_login_carries_is_not_quoted_of_calls_in_its_session) {
  one.call.authorized = false;
  one.call.request.body = "{\"token\":\"login-jwt\"}";
  make();
  EXPECT_THAT(*one.secrets, HasSubstr("login-jwt"));
  EXPECT_THAT(headers().secrets_of_login(), HasSubstr("login-jwt"));
}

TEST_F(call_headers_test, a_login_without_a_body_leaves_the_proof_of_the_one_before) {
  one.call.authorized = false;
  one.call.request.body = "login-jwt";
  make();
  one.call.request.body.clear();
  make();
  EXPECT_THAT(headers().secrets_of_login(), HasSubstr("login-jwt"));
}

} // namespace
