#include <actors/auth/logins.hpp>

#include <tests/support/users.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using login_step = logins::action;

class logins_test : public ::testing::Test {
public:
  login_step demand(const identity& as = {}, const session& rejected = {}) {
    return all.on_demand(as, rejected, false, now).then;
  }

  logins all{2};
  logins::time_point now{1h};
  identity bot;
  identity joe = identity::on_behalf_of(user(1));
  session first{"first"};
  session second{"second"};
  failure refused{errc::login_refused, "wrong key", 401, {}};
};

TEST_F(logins_test, the_first_demand_logs_in) {
  EXPECT_EQ(demand(), login_step::log_in);
  EXPECT_TRUE(all.under_way(bot));
}

TEST_F(logins_test, a_demand_during_a_login_waits_for_it) {
  demand();
  EXPECT_EQ(demand(), login_step::wait);
}

TEST_F(logins_test, identities_log_in_apart) {
  demand();
  EXPECT_EQ(demand(identity::of_app()), login_step::log_in);
  EXPECT_EQ(demand(joe), login_step::log_in);
}

TEST_F(logins_test, a_session_is_leased_to_who_has_none) {
  demand();
  all.succeeded(bot, first, now);
  EXPECT_FALSE(all.under_way(bot));
  auto next = all.on_demand(bot, {}, false, now);
  EXPECT_EQ(next.then, login_step::lease);
  EXPECT_EQ(next.current, first);
}

TEST_F(logins_test, a_session_the_pod_has_rejected_is_replaced) {
  demand();
  all.succeeded(bot, first, now);
  EXPECT_EQ(demand(bot, first), login_step::log_in);
  EXPECT_EQ(all.current(bot, now), nullptr);
}

TEST_F(logins_test, a_late_401_for_an_old_session_gets_the_newer_one) {
  demand();
  all.succeeded(bot, second, now);
  auto next = all.on_demand(bot, first, false, now);
  EXPECT_EQ(next.then, login_step::lease);
  EXPECT_EQ(next.current, second);
}

TEST_F(logins_test, a_session_ends_with_the_longest_that_symphony_gives) {
  demand();
  all.succeeded(bot, first, now);
  now += logins::session_lifetime;
  EXPECT_EQ(demand(), login_step::log_in);
}

TEST_F(logins_test, a_refusal_is_the_answer_for_a_while) {
  demand();
  all.failed(bot, refused, now);
  now += logins::refusal_lifetime - 1ms;
  auto next = all.on_demand(bot, {}, false, now);
  EXPECT_EQ(next.then, login_step::refuse);
  EXPECT_EQ(next.why, refused);
  now += 1ms;
  EXPECT_EQ(demand(), login_step::log_in);
}

TEST_F(logins_test, a_host_that_is_away_is_asked_again_at_once) {
  demand();
  all.failed(bot, {errc::unreachable, "no connection", 0, {}}, now);
  EXPECT_EQ(demand(), login_step::log_in);
}

TEST_F(logins_test, of_users_an_unknown_name_and_a_missing_permission_count_as_refused) {
  for (const auto& why : {failure{errc::unknown_user, "nobody", 0, {}},
                          failure{errc::unauthorized, "no session", 0, {}},
                          failure{errc::not_entitled, "no permission", 0, "obo"}}) {
    demand(joe);
    all.failed(joe, why, now);
    EXPECT_EQ(demand(joe), login_step::refuse) << why.detail;
    now += logins::refusal_lifetime;
  }
}

TEST_F(logins_test, of_the_bot_a_session_that_has_ended_is_no_refusal) {
  demand();
  all.failed(bot, {errc::unauthorized, "ended", 401, {}}, now);
  EXPECT_EQ(demand(), login_step::log_in);
}

TEST_F(logins_test, a_login_that_succeeds_takes_the_refusal_back) {
  demand();
  all.failed(bot, refused, now);
  all.succeeded(bot, first, now);
  EXPECT_EQ(demand(bot, first), login_step::log_in);
}

TEST_F(logins_test, a_good_session_is_renewed_once_at_a_time) {
  EXPECT_EQ(all.renew(bot, now), nullptr);
  demand();
  all.succeeded(bot, first, now);
  ASSERT_NE(all.renew(bot, now), nullptr);
  EXPECT_EQ(all.renew(bot, now), nullptr);
  EXPECT_EQ(demand(bot, first), login_step::wait);
  all.not_renewed(bot);
  EXPECT_EQ(demand(), login_step::lease);
}

TEST_F(logins_test, a_renewal_that_meets_an_ended_session_goes_on_as_a_login) {
  demand();
  all.succeeded(bot, first, now);
  all.renew(bot, now);
  all.start_over(bot);
  EXPECT_EQ(all.current(bot, now), nullptr);
  EXPECT_EQ(demand(), login_step::wait);
}

} // namespace
