#include <tests/support/pod_fixture.hpp>
#include <tests/support/routes.hpp>

#include <tutti/bot.hpp>

#include <caf/scoped_actor.hpp>

#include <gtest/gtest.h>

#include <set>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

constexpr auto login_route = "POST /login/pubkey/authenticate";

class bot_test : public ::testing::Test {
public:
  void start(config settings) {
    running = std::make_unique<bot>(std::move(settings));
    auto started = running->start();
    ASSERT_TRUE(started) << started.error().detail;
  }

  result<im_created> open(create_im request) {
    auto self = caf::scoped_actor{running->system()};
    result<im_created> came = failure{};
    self->request(running->handles().im, caf::infinite, std::move(request))
        .receive([&](const im_created& opened) { came = opened; },
                 [&](const caf::error& error) { came = to_failure(error); });
    return came;
  }

  result<im_created> open(const std::string& name) {
    return open({.participants = {pod.id(name)}});
  }

  int count(const std::string& route) {
    auto counts = pod.serving.request_counts();
    return counts.contains(route) ? counts.at(route) : 0;
  }

  pod_fixture pod;
  std::unique_ptr<bot> running;
};

TEST_F(bot_test, opens_an_im_and_knows_it_afterwards) {
  start(pod.bot_config());
  auto first = open("ada");
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->origin, im_origin::pod);
  auto second = open("ada");
  EXPECT_EQ(second->origin, im_origin::directory);
  EXPECT_EQ(second->stream, first->stream);
  EXPECT_EQ(count(login_route), 1);
  EXPECT_EQ(count(create_route), 1);
}

TEST_F(bot_test, the_request_on_the_wire_is_the_documented_one) {
  start(pod.bot_config());
  open({.participants = {pod.id("ada"), pod.id("ada"), pod.id("demo-bot")}});
  auto seen = pod.serving.requests().back();
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.target, "/pod/v1/im/create");
  EXPECT_EQ(seen.body, "[" + std::to_string(pod.ids.at("ada")) + "]");
  EXPECT_GT(seen.session_token.size(), 100U);
}

TEST_F(bot_test, an_im_without_the_caller) {
  start(pod.bot_config());
  auto opened = open({.participants = {pod.id("ada"), pod.id("ben")}, .form = im_form::admin});
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(count("POST /pod/v1/admin/im/create"), 1);
}

TEST_F(bot_test, an_external_user_who_is_connected) {
  start(pod.bot_config());
  EXPECT_TRUE(open("xenia"));
}

TEST_F(bot_test, who_is_denied_costs_no_create) {
  start(pod.bot_config());
  EXPECT_EQ(open("zoe").error().error, errc::not_connected);
  EXPECT_EQ(open({.participants = {*user_id::make(4711)}}).error().error, errc::unknown_user);
  EXPECT_EQ(count(create_route), 0);
}

TEST_F(bot_test, a_plain_bot_lets_the_pod_decide_and_explains_its_403) {
  pod.serving.with_pod([&](emulator::pod& state) {
    auto plain = *state.users.find("demo-bot");
    plain.roles = {"INDIVIDUAL"};
    plain.features.clear();
    state.users.add(plain);
  });
  start(pod.bot_config());
  auto refused = open("xenia");
  EXPECT_EQ(refused.error().error, errc::not_entitled);
  EXPECT_EQ(refused.error().status, 403);
  EXPECT_NE(refused.error().detail.find("may not be read"), std::string::npos)
      << refused.error().detail;
  EXPECT_EQ(count(create_route), 1);
}

TEST_F(bot_test, a_wrong_key_is_told_with_the_way_out) {
  auto settings = pod.bot_config();
  settings.bot.private_key.content = emulator::make_key_pair().private_pem;
  start(settings);
  auto refused = open("ada");
  EXPECT_EQ(refused.error().error, errc::login_refused);
  EXPECT_EQ(refused.error().status, 401);
  EXPECT_NE(refused.error().detail.find("signature"), std::string::npos);
  EXPECT_EQ(count(login_route), 1);
}

TEST_F(bot_test, a_pod_that_is_not_there_is_told_with_its_address) {
  auto settings = pod.bot_config();
  auto port = closed_port();
  settings.hosts.fill({"http", "127.0.0.1", port, ""});
  start(settings);
  auto refused = open("ada");
  EXPECT_EQ(refused.error().error, errc::unreachable);
  EXPECT_NE(refused.error().detail.find("127.0.0.1:" + std::to_string(port)), std::string::npos);
}

TEST_F(bot_test, every_request_has_a_trace_id_and_a_refusal_names_its_own) {
  start(pod.bot_config());
  pod.serving.set_faults(R"([{"path": "/pod/v1/im/create", "status": 400}])");
  auto refused = open("ada");
  std::set<std::string> traces;
  for (const auto& each : pod.serving.requests()) {
    EXPECT_EQ(each.trace.size(), 6U) << each.route;
    traces.insert(each.trace);
  }
  EXPECT_EQ(traces.size(), pod.serving.requests().size());
  EXPECT_NE(refused.error().detail.find(pod.serving.requests().back().trace), std::string::npos);
}

TEST_F(bot_test, an_expired_session_is_renewed_once_for_a_crowd) {
  start(pod.bot_config());
  open("ada");
  pod.serving.with_pod([](emulator::pod& state) { state.sessions.expire_all(); });
  pod.serving.clear_requests();
  // Without look-ups before, each of them meets the expired session itself; the pod takes its time,
  // so that all are on the wire when the first is refused.
  pod.serving.set_service_time("/pod/v1/admin/im/create", 50ms);
  auto self = caf::scoped_actor{running->system()};
  const std::vector<std::string> names{"ben", "cleo", "dan", "eve", "fay", "gil"};
  for (const auto& name : names)
    self->send(running->handles().im,
               create_im{.participants = {pod.id("ada"), pod.id(name)}, .form = im_form::admin});
  std::size_t opened = 0;
  while (opened < names.size())
    self->receive([&](const im_created&) { ++opened; });
  int refused = 0;
  for (const auto& each : pod.serving.requests())
    refused += each.status == 401 ? 1 : 0;
  EXPECT_EQ(refused, 6);
  EXPECT_EQ(count("POST /pod/v1/admin/im/create"), 12);
  EXPECT_EQ(count(login_route), 1);
}

TEST_F(bot_test, a_deadline_ends_the_wait_for_a_slow_pod) {
  start(pod.bot_config());
  open("ada");
  pod.serving.set_service_time("/pod/v1/im/create", 10s);
  auto late = open({.participants = {pod.id("ben")}, .timeout = 100ms});
  EXPECT_EQ(late.error().error, errc::deadline_exceeded);
}

TEST_F(bot_test, stopping_tells_those_who_wait) {
  start(pod.bot_config());
  open("ada");
  pod.serving.set_service_time("/pod/v1/im/create", 10s);
  auto self = caf::scoped_actor{running->system()};
  auto pending = self->request(running->handles().im, caf::infinite,
                               create_im{.participants = {pod.id("ben")}});
  pod.serving.wait_for(create_route, 2);
  running->stop();
  pending.receive(
      [](const im_created&) { FAIL() << "opened"; },
      [](const caf::error& error) { EXPECT_EQ(to_failure(error).error, errc::shutting_down); });
}

TEST_F(bot_test, starts_and_stops_again_and_lives_beside_another) {
  start(pod.bot_config());
  bot second{running->system(), pod.bot_config()};
  ASSERT_TRUE(second.start());
  EXPECT_TRUE(open("ada"));
  second.stop();
  ASSERT_TRUE(second.start());
  second.stop();
  running->stop();
  ASSERT_TRUE(running->start());
  EXPECT_TRUE(open("ben"));
}

TEST_F(bot_test, a_configuration_without_host_bot_or_key_is_refused) {
  auto complaint = [&](auto&& spoil) {
    auto settings = pod.bot_config();
    spoil(settings);
    bot one{settings};
    auto started = one.start();
    return started ? std::string{"started"} : started.error().detail;
  };
  EXPECT_NE(complaint([](config& c) {
              c.hosts.fill({"http", "", 80, ""});
            }).find("host"),
            std::string::npos);
  EXPECT_NE(complaint([](config& c) { c.bot.username.clear(); }).find("bot.username"),
            std::string::npos);
  EXPECT_NE(complaint([](config& c) { c.bot.private_key.path = "x"; }).find("bot.privateKey"),
            std::string::npos);
  EXPECT_NE(complaint([](config& c) { c.host_of(service::pod).scheme = "ftp"; }).find("ftp"),
            std::string::npos);
  EXPECT_NE(complaint([](config& c) {
              c.origin = "bot.yaml";
              c.bot.username.clear();
            }).find("bot.yaml: no bot"),
            std::string::npos);
  EXPECT_NE(complaint([](config& c) {
              c.plugins = {{"no-such", {}}};
            }).find("no-such"),
            std::string::npos);
}

TEST_F(bot_test, settings_that_let_nothing_through_are_refused_by_name) {
  for (auto [key, spoil] : std::vector<std::pair<std::string, void (*)(http_config&)>>{
           {"http.maxInFlight", [](http_config& c) { c.max_in_flight = 0; }},
           {"http.maxBody", [](http_config& c) { c.max_body = 0; }}}) {
    auto settings = pod.bot_config();
    spoil(settings.http);
    bot one{settings};
    auto started = one.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().error, errc::misconfigured);
    EXPECT_NE(started.error().detail.find(key), std::string::npos);
  }
}

TEST_F(bot_test, a_replacement_that_cannot_be_made_keeps_the_bot_from_starting) {
  core_factories own;
  own.im = [](const core_context&) -> im_actor { throw std::runtime_error{"no such service"}; };
  bot one{pod.bot_config(), own};
  auto started = one.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().detail.find("no such service"), std::string::npos);
}

class silent_conversation final : public conversation {
public:
  using conversation::conversation;
  void on_open(const im_created&) override {}
};

TEST_F(bot_test, stopping_ends_conversations_somebody_still_holds) {
  start(pod.bot_config());
  auto talk = running->converse<silent_conversation>({.participants = {pod.id("ada")}});
  auto self = caf::scoped_actor{running->system()};
  self->request(talk, caf::infinite, await_open{})
      .receive([](const im_created&) {}, [](const caf::error&) { FAIL(); });
  running->stop();
  self->wait_for(talk);
}

TEST_F(bot_test, a_bot_that_is_run_with_a_key_that_is_not_there_ends_at_once_and_names_it) {
  auto settings = pod.bot_config();
  settings.bot.private_key = {.path = "/nowhere/bot.pem", .content = {}};
  bot runs{std::move(settings)};
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(runs.run(), 78);
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("/nowhere/bot.pem"), std::string::npos);
}

} // namespace
