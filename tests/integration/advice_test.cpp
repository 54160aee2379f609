// Look-ups are advice: without their answers the pod decides. And what is known needs no pod.
#include <tests/support/pod_fixture.hpp>

#include <tutti/bot.hpp>
#include <tutti/by_name.hpp>

#include <gtest/gtest.h>

#include <filesystem>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

/// A look-up, and a user whose IM needs it.
struct advised {
  const char* route;
  const char* user;
};

class advice_test : public ::testing::TestWithParam<advised> {
public:
  advice_test() {
    auto settings = pod.bot_config();
    settings.retry.max_attempts = 10;
    running = std::make_unique<bot>(settings);
    running->start().value();
  }

  void fault(const std::string& members) {
    pod.serving.set_faults("[{\"path\": \"" + std::string{GetParam().route} + "\", " + members +
                           "}]");
  }

  /// Whether the IM opens, long before its deadline and after the look-up.
  bool opens() {
    const auto route = std::string{"GET "} + GetParam().route;
    const auto before = pod.serving.request_counts()[route];
    auto asked = running->ask(
        create_im{.participants = {pod.id(GetParam().user)}, .timeout = std::chrono::seconds{8}});
    const auto opened = asked.wait_for(6s) && asked.get();
    return opened && pod.serving.request_counts()[route] > before;
  }

  pod_fixture pod;
  std::unique_ptr<bot> running;
};

TEST_P(advice_test, that_is_an_error_keeps_no_im_from_being_opened) {
  fault(R"("status": 503)");
  EXPECT_TRUE(opens());
}

TEST_P(advice_test, that_does_not_come_keeps_no_im_from_being_opened) {
  fault(R"("hang": true)");
  EXPECT_TRUE(opens());
}

TEST_P(advice_test, that_is_no_json_keeps_no_im_from_being_opened) {
  fault(R"("status": 200, "body": "<html>")");
  EXPECT_TRUE(opens());
}

INSTANTIATE_TEST_SUITE_P(each, advice_test,
                         ::testing::Values(advised{"/pod/v1/connection/list", "ada"},
                                           advised{"/pod/v3/users", "ada"},
                                           advised{"/pod/v1/admin/user/{uid}/features", "xenia"}));

TEST(named_im, with_users_of_the_bot_s_pod_costs_no_other_look_up) {
  pod_fixture pod;
  bot running{pod.bot_config()};
  running.start().value();
  const std::vector<std::string> names{"ada"};
  ASSERT_TRUE(running.run(open_given_im(running, names, 5s)).get());
  auto counts = pod.serving.request_counts();
  EXPECT_EQ(counts["GET /pod/v3/users"], 1);
  EXPECT_EQ(counts["GET /pod/v1/connection/list"], 0);
  // Of other pods it is asked who is connected.
  const std::vector<std::string> address{"xenia@their.bank"};
  ASSERT_TRUE(running.run(open_given_im(running, address, 5s)).get());
  EXPECT_EQ(pod.serving.request_counts()["GET /pod/v1/connection/list"], 1);
}

TEST(named_users, are_found_by_a_task_that_outlives_the_call) {
  pod_fixture pod;
  bot running{pod.bot_config()};
  running.start().value();
  const std::vector<std::string> names{"ada", "nobody-at-all"};
  // The default identity ends with the full expression, the task begins later.
  auto each = find_each_given_user(running, names, 5s);
  auto all = find_given_users(running, names, 5s);
  auto outcomes = running.run(std::move(each)).get();
  ASSERT_TRUE(outcomes);
  EXPECT_EQ(outcomes->at(0).value(), pod.id("ada"));
  EXPECT_EQ(outcomes->at(1).error().error, errc::unknown_user);
  EXPECT_EQ(running.run(std::move(all)).get().error().error, errc::unknown_user);
}

TEST(known_im, is_opened_while_the_pod_is_away) {
  const auto folder = std::filesystem::temp_directory_path() / "tutti-known-im";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  pod_fixture pod;
  auto settings = pod.bot_config();
  settings.im.directory.path = folder / "ims.db";
  auto open = [&](bot& with) {
    return with.run(open_given_im(with, {std::to_string(pod.id("ada").value())}, 5s)).get();
  };
  std::string stream;
  {
    bot first{settings};
    first.start().value();
    auto opened = open(first);
    ASSERT_TRUE(opened);
    stream = std::string{opened->im.stream.text()};
    first.stop();
  }
  for (auto& host : settings.hosts)
    host.port = closed_port(); // The file belongs to a pod by its name and port.
  auto other = settings;
  bot stranger{other};
  stranger.start().value();
  EXPECT_FALSE(open(stranger));
  stranger.stop();
  pod.serving.set_faults(R"([{"path": "/login/pubkey/authenticate", "status": 503}])");
  settings.hosts.fill({"http", "127.0.0.1", pod.serving.port(), ""});
  bot second{settings};
  second.start().value();
  auto opened = open(second);
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->im.stream.text(), stream);
  EXPECT_EQ(opened->im.origin, im_origin::directory);
  second.stop();
  std::filesystem::remove_all(folder);
}

TEST(not_started, is_what_a_question_before_the_start_is_told) {
  pod_fixture pod;
  bot made{pod.bot_config()};
  auto before = made.ask(whoami{}).get();
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().code, "not_started");
  made.start().value();
  EXPECT_TRUE(made.ask(whoami{}).get());
  made.stop();
  EXPECT_EQ(made.ask(whoami{}).get().error().error, errc::shutting_down);
}

TEST(core_factories, that_return_no_actor_are_named_at_the_start) {
  pod_fixture pod;
  core_factories own;
  own.im = [](const core_context&) { return im_actor{}; };
  bot made{pod.bot_config(), own};
  auto started = made.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().detail.find("core_factories.im returned no actor"), std::string::npos)
      << started.error().detail;
}

} // namespace
