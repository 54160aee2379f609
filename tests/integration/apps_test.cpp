// An extension app's back end: circle of trust and the JWT of its front end, against the emulator.
#include <tests/support/pod_fixture.hpp>

#include <tutti/bot.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

constexpr auto certificate_route = "GET /pod/v1/podcert";

class apps_test : public ::testing::Test {
public:
  apps_test() {
    pod.serving.with_pod(
        [](emulator::pod& state) { state.apps.set_public_key("demo-app", bot_keys().public_pem); });
  }

  bot& running() {
    if (!bot_) {
      auto settings = pod.bot_config();
      settings.app.id = "demo-app";
      settings.app.private_key.content = bot_keys().private_pem;
      bot_ = std::make_unique<bot>(settings);
      bot_->start().value();
    }
    return *bot_;
  }

  std::string jwt_of(const std::string& name, const std::string& app = "demo-app",
                     std::chrono::seconds shift = 0s) {
    std::string made;
    pod.serving.with_pod([&](emulator::pod& state) {
      made = state.extension_apps.jwt_for(app, *state.users.find(name),
                                          std::chrono::system_clock::now() + shift);
    });
    return made;
  }

  result<app_user> check(const std::string& jwt) { return running().ask(check_app_jwt{jwt}).get(); }

  int count(const char* route) { return pod.serving.request_counts()[route]; }

  pod_fixture pod;

private:
  std::unique_ptr<bot> bot_;
};

TEST_F(apps_test, a_pair_that_was_given_is_known_and_no_other) {
  auto given = running().ask(trust_app{}).get();
  ASSERT_TRUE(given) << given.error().detail;
  EXPECT_EQ(given->app_id, "demo-app");
  EXPECT_EQ(given->app_token.size(), 64U);
  auto valid = [&](const std::string& app_token, const std::string& symphony_token) {
    return running().ask(check_app_tokens{app_token, symphony_token}).get()->valid;
  };
  EXPECT_TRUE(valid(given->app_token, given->symphony_token));
  EXPECT_FALSE(valid(given->app_token, given->symphony_token + "x"));
  EXPECT_FALSE(valid("other", given->symphony_token));
  EXPECT_FALSE(valid(given->app_token, ""));
  EXPECT_FALSE(valid("", ""));
}

TEST_F(apps_test, an_app_the_pod_does_not_know_is_a_refused_login) {
  pod.serving.with_pod([](emulator::pod& state) {
    state.apps.set_public_key("demo-app", emulator::make_key_pair().public_pem);
  });
  auto refused = running().ask(trust_app{}).get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, errc::login_refused);
  EXPECT_NE(refused.error().detail.find("app.privateKey"), std::string::npos);
}

TEST_F(apps_test, without_an_app_that_is_said) {
  bot other{pod.bot_config()};
  other.start().value();
  auto refused = other.ask(trust_app{}).get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "no_app");
}

TEST_F(apps_test, the_user_of_a_jwt_is_told_and_the_certificate_fetched_once) {
  auto user = check(jwt_of("ada"));
  ASSERT_TRUE(user) << user.error().detail;
  EXPECT_EQ(user->id, pod.id("ada"));
  EXPECT_EQ(user->username, "ada");
  EXPECT_EQ(user->email, "ada@our.bank");
  ASSERT_TRUE(check(jwt_of("ben")));
  EXPECT_EQ(count(certificate_route), 1);
}

TEST_F(apps_test, jwts_that_do_not_hold_are_refused_with_what_is_wrong) {
  auto wrong = [&](const std::string& jwt) {
    auto refused = check(jwt);
    EXPECT_FALSE(refused);
    return refused ? std::string{} : refused.error().detail;
  };
  EXPECT_NE(wrong(jwt_of("ada", "another-app")).find("another app"), std::string::npos);
  EXPECT_NE(wrong(jwt_of("ada", "demo-app", -1h)).find("expired"), std::string::npos);
  EXPECT_NE(wrong("a.b").find("three parts"), std::string::npos);
  auto good = jwt_of("ada");
  auto forged = good;
  auto dot = forged.find('.');
  forged[dot + 10] = forged[dot + 10] == 'A' ? 'B' : 'A';
  EXPECT_NE(wrong(forged).find("not signed by this pod"), std::string::npos);
  // Not fetched again for each of them.
  for (int i = 0; i < 20; ++i)
    wrong(forged);
  EXPECT_LE(count(certificate_route), 2);
  EXPECT_NE(
      wrong(emulator::make_jwt(R"({"aud":"demo-app","exp":9999999999})", bot_keys().private_pem))
          .find("not signed"),
      std::string::npos);
}

TEST_F(apps_test, many_who_check_at_once_share_the_certificate) {
  auto jwt = jwt_of("ada");
  std::vector<pending<app_user>> all;
  for (int i = 0; i < 100; ++i)
    all.push_back(running().ask(check_app_jwt{jwt}));
  for (auto& each : all)
    EXPECT_TRUE(each.get());
  EXPECT_EQ(count(certificate_route), 1);
}

TEST_F(apps_test, a_store_of_one_s_own_takes_the_place_of_the_built_in_one) {
  auto settings = pod.bot_config();
  settings.app.id = "demo-app";
  settings.app.private_key.content = bot_keys().private_pem;
  core_factories own;
  auto kept = std::make_shared<std::map<std::string, app_tokens>>();
  own.app_tokens = [kept](const core_context& context) {
    return context.system.spawn([kept]() -> app_token_store::behavior_type {
      return {[kept](const keep_app_tokens& asked) {
                (*kept)[asked.what.app_token] = asked.what;
                return app_tokens_kept{};
              },
              [kept](const find_app_tokens& asked) {
                return app_tokens_found{(*kept)[asked.app_token]};
              }};
    });
  };
  bot other{settings, own};
  other.start().value();
  auto given = other.ask(trust_app{"mine"}).get();
  ASSERT_TRUE(given) << given.error().detail;
  EXPECT_EQ(kept->at("mine").symphony_token, given->symphony_token);
  EXPECT_TRUE(other.ask(check_app_tokens{"mine", given->symphony_token}).get()->valid);
}

} // namespace
