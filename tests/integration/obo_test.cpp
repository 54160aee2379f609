// A bot that acts on behalf of users, against the emulator.
#include <tests/support/pod_fixture.hpp>
#include <tests/support/routes.hpp>

#include <tutti/bot.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::testing;

constexpr auto app_route = "POST /login/pubkey/app/authenticate";
constexpr auto user_route = "POST /login/pubkey/app/user/{userId}/authenticate";

class obo_test : public ::testing::Test {
public:
  obo_test() {
    give({"ACT_AS_USER", "SEND_MESSAGES", "GET_USER_CONNECTIONS", "GET_BASIC_USER_INFO",
          "GET_BASIC_CONTACT_INFO"});
  }

  void give(std::set<std::string> permissions,
            std::optional<std::set<emulator::uid>> installed = {}) {
    pod.serving.with_pod([&](emulator::pod& state) {
      state.apps.add(emulator::app{"my-app", true, std::move(permissions), std::move(installed),
                                   130, bot_keys().public_pem});
    });
  }

  bot& running() {
    if (!bot_) {
      auto settings = pod.bot_config();
      settings.app.id = "my-app";
      settings.app.private_key.content = bot_keys().private_pem;
      settings.app.max_sessions = 4;
      bot_ = std::make_unique<bot>(settings);
      bot_->start().value();
    }
    return *bot_;
  }

  create_im request(const std::string& as, const std::string& with) {
    return {.as = identity::on_behalf_of(pod.id(as)), .participants = {pod.id(with)}};
  }

  result<im_created> open(const std::string& as, const std::string& with) {
    return running().ask(request(as, with)).get();
  }

  int count(const char* route) { return pod.serving.request_counts()[route]; }

  bool there_is_an_im_of(const std::string& one, const std::string& other) {
    bool found = false;
    pod.serving.with_pod([&](emulator::pod& state) {
      found = state.conversations.of({pod.ids.at(one), pod.ids.at(other)}) != nullptr;
    });
    return found;
  }

  pod_fixture pod;

private:
  std::unique_ptr<bot> bot_;
};

TEST_F(obo_test, the_im_is_the_user_s_and_not_the_bot_s) {
  auto opened = open("ada", "ben");
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_TRUE(there_is_an_im_of("ada", "ben"));
  EXPECT_FALSE(there_is_an_im_of("demo-bot", "ben"));
}

TEST_F(obo_test, a_thousand_cold_requests_as_one_user_cost_one_login_each_and_one_im) {
  std::vector<pending<im_created>> all;
  for (int i = 0; i < 1000; ++i)
    all.push_back(running().ask(request("ada", "ben")));
  for (auto& each : all) {
    auto opened = each.get();
    ASSERT_TRUE(opened) << opened.error().detail;
  }
  EXPECT_EQ(count(app_route), 1);
  EXPECT_EQ(count(user_route), 1);
  EXPECT_EQ(count(create_route), 1);
}

TEST_F(obo_test, users_share_the_app_s_session_and_no_other) {
  for (const auto* who : {"ada", "ben", "cleo", "dan", "eve", "fay", "gil"})
    ASSERT_TRUE(open(who, "hal"));
  EXPECT_EQ(count(app_route), 1);
  EXPECT_EQ(count(user_route), 7); // More than app.maxSessions.
  for (const auto* who : {"ada", "ben", "cleo", "dan", "eve", "fay", "gil"})
    EXPECT_TRUE(there_is_an_im_of(who, "hal"));
}

TEST_F(obo_test, sessions_that_have_ended_are_renewed_the_app_s_too) {
  ASSERT_TRUE(open("ada", "ben"));
  pod.serving.with_pod([](emulator::pod& state) { state.sessions.expire_all(); });
  auto opened = open("ada", "cleo");
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(count(app_route), 2);
  EXPECT_EQ(count(user_route), 3); // Once refused, with the app's old session.
}

TEST_F(obo_test, what_the_app_lacks_is_named) {
  give({"SEND_MESSAGES"});
  auto refused = open("ada", "ben");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, errc::not_entitled);
  EXPECT_EQ(refused.error().code, "obo");
  EXPECT_NE(refused.error().detail.find("ACT_AS_USER"), std::string::npos);
  EXPECT_EQ(count(create_route), 0);
}

TEST_F(obo_test, the_permission_to_open_ims_is_named_too) {
  give({"ACT_AS_USER", "GET_USER_CONNECTIONS", "GET_BASIC_CONTACT_INFO"});
  auto refused = open("ada", "ben");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, errc::not_entitled);
  EXPECT_NE(refused.error().detail.find("SEND_MESSAGES"), std::string::npos)
      << refused.error().detail;
}

TEST_F(obo_test, an_app_that_is_not_installed_for_the_user_is_told) {
  give({"ACT_AS_USER", "SEND_MESSAGES"}, std::set<emulator::uid>{pod.ids.at("ben")});
  auto refused = open("ada", "ben");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("installed"), std::string::npos);
}

TEST_F(obo_test, a_user_of_nobody_is_unknown) {
  auto nobody = create_im{.as = identity::on_behalf_of(*user_id::make(4711)),
                          .participants = {pod.id("ben")}};
  auto refused = running().ask(nobody).get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, errc::unknown_user);
}

TEST_F(obo_test, the_bot_goes_on_in_its_own_name) {
  ASSERT_TRUE(open("ada", "ben"));
  auto own = running().ask(create_im{.participants = {pod.id("ben")}}).get();
  ASSERT_TRUE(own);
  EXPECT_TRUE(there_is_an_im_of("demo-bot", "ben"));
}

} // namespace
