#include <actors/auth/jwt_renewal.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using renewal_step = jwt_renewal::action;

class jwt_renewal_test : public ::testing::Test {
public:
  jwt_renewal renewal;
  jwt_renewal::time_point now{1h};
  failure away{errc::unreachable, "no connection", 0, {}};
  failure ended{errc::unauthorized, "ended", 401, {}};
};

TEST_F(jwt_renewal_test, the_next_one_is_fetched_when_a_tenth_is_left) {
  EXPECT_EQ(renewal.received(100s, now), now + 90s);
}

TEST_F(jwt_renewal_test, without_a_lifetime_nothing_is_planned) {
  EXPECT_EQ(renewal.received(0s, now), std::nullopt);
  EXPECT_EQ(renewal.received(-5s, now), std::nullopt);
}

TEST_F(jwt_renewal_test, a_lifetime_is_believed_within_bounds) {
  EXPECT_EQ(renewal.received(1s, now), now + 9s);
  EXPECT_EQ(renewal.received(std::chrono::hours{24 * 365}, now),
            now + std::chrono::seconds{14 * 24 * 3600 * 9 / 10});
}

TEST_F(jwt_renewal_test, a_failed_renewal_is_tried_again_while_the_jwt_is_good) {
  renewal.received(100s, now);
  auto next = renewal.failed(away, true, now + 90s);
  EXPECT_EQ(next.then, renewal_step::keep);
  EXPECT_EQ(next.again, now + 90s + std::chrono::nanoseconds{10s} / 3);
}

TEST_F(jwt_renewal_test, at_the_end_it_is_tried_once_a_second_at_most) {
  renewal.received(100s, now);
  EXPECT_EQ(renewal.failed(away, true, now + 99s).again, now + 100s);
}

TEST_F(jwt_renewal_test, a_jwt_that_is_over_fails_the_login) {
  renewal.received(100s, now);
  EXPECT_EQ(renewal.failed(away, true, now + 100s).then, renewal_step::fail);
}

TEST_F(jwt_renewal_test, without_a_session_the_login_has_failed) {
  EXPECT_EQ(renewal.failed(away, false, now).then, renewal_step::fail);
  EXPECT_EQ(renewal.failed(ended, false, now).then, renewal_step::fail);
}

TEST_F(jwt_renewal_test, an_ended_session_leads_to_a_login) {
  renewal.received(100s, now);
  EXPECT_EQ(renewal.failed(ended, true, now + 90s).then, renewal_step::log_in);
}

} // namespace
