#include <tests/support/pod_fixture.hpp>
#include <tests/support/routes.hpp>

#include <tutti/bot.hpp>

#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <semaphore>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

/// A sink that wakes a test on an event.
class event_sink final : public log_sink {
public:
  explicit event_sink(std::string event) : event_(std::move(event)) {}
  void write(log_level, std::string_view, std::string_view event,
             std::span<const log_field>) noexcept override {
    if (event == event_)
      seen.release();
  }
  bool keeps(log_level, std::string_view) const noexcept override { return true; }

  std::counting_semaphore<> seen{0};

private:
  std::string event_;
};

class life_test : public ::testing::Test {
public:
  void start(config settings, std::shared_ptr<log_sink> sink = nullptr) {
    running = std::make_unique<bot>(std::move(settings), core_factories{}, std::move(sink));
    auto started = running->start();
    ASSERT_TRUE(started) << started.error().detail;
  }

  config probing() {
    auto settings = pod.bot_config();
    settings.life.probe_interval = 10ms;
    return settings;
  }

  create_im with(const std::string& name) { return {.participants = {pod.id(name)}}; }

  pod_fixture pod;
  std::unique_ptr<bot> running;
};

TEST_F(life_test, health_from_start_to_stop) {
  auto heard = std::make_shared<event_sink>("logged_in");
  bot one{probing(), {}, heard};
  EXPECT_EQ(one.health().state, health_state::stopped);
  ASSERT_TRUE(one.start());
  ASSERT_TRUE(one.ask(whoami{}).get());
  heard->seen.acquire();
  EXPECT_EQ(one.health().state, health_state::ready);
  one.stop();
  EXPECT_EQ(one.health().state, health_state::stopped);
}

TEST_F(life_test, an_outage_is_told_with_host_and_reason_and_so_is_its_end) {
  auto lost = std::make_shared<event_sink>("host_lost");
  start(probing(), lost);
  ASSERT_TRUE(running->ask(whoami{}).get());
  pod.serving.set_faults(R"([{"path": "", "status": 503}])");
  auto refused = running->ask(with("ada"), {.timeout = 1s}).get();
  EXPECT_FALSE(refused);
  lost->seen.acquire();
  auto seen = running->health();
  EXPECT_EQ(seen.state, health_state::degraded);
  ASSERT_EQ(seen.troubles.size(), 1U);
  EXPECT_EQ(seen.troubles[0].what, "host 127.0.0.1:" + std::to_string(pod.serving.port()));
  EXPECT_NE(seen.troubles[0].why.find("503"), std::string::npos);
  // Without any request from the test, the bot finds out by itself.
  pod.serving.clear_requests();
  pod.serving.set_faults("[]");
  pod.serving.wait_for("GET /pod/v2/sessioninfo", 1);
  ASSERT_TRUE(running->ask(with("ada")).get());
  EXPECT_EQ(running->health().state, health_state::ready);
}

TEST_F(life_test, a_pod_that_is_away_at_start_may_end_the_start) {
  auto settings = pod.bot_config();
  settings.life.start = start_policy::fail;
  {
    bot good{settings};
    EXPECT_TRUE(good.start());
    EXPECT_EQ(good.health().state, health_state::ready);
  }
  settings.hosts.fill({"http", "127.0.0.1", closed_port(), ""});
  bot bad{settings};
  auto started = bad.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().error, errc::unreachable);
  EXPECT_EQ(bad.health().state, health_state::stopped);
}

TEST_F(life_test, a_wrong_key_is_told_by_health) {
  auto heard = std::make_shared<event_sink>("login_failed");
  auto settings = probing();
  settings.bot.private_key.content = emulator::make_key_pair().private_pem;
  start(settings, heard);
  EXPECT_FALSE(running->ask(whoami{}).get());
  heard->seen.acquire();
  auto seen = running->health();
  EXPECT_EQ(seen.state, health_state::starting);
  ASSERT_EQ(seen.troubles.size(), 1U);
  EXPECT_EQ(seen.troubles[0].what, "login");
}

TEST_F(life_test, what_is_under_way_ends_within_the_grace) {
  auto settings = pod.bot_config();
  settings.life.stop_grace = 10s;
  start(settings);
  ASSERT_TRUE(running->ask(with("ada")).get());
  pod.serving.set_service_time(create_path, 50ms);
  auto pending = running->ask(with("ben"));
  pod.serving.wait_for(create_route, 2);
  running->stop();
  ASSERT_TRUE(pending.ready());
  EXPECT_TRUE(pending.get());
}

TEST_F(life_test, what_takes_longer_than_the_grace_is_told) {
  auto settings = pod.bot_config();
  settings.life.stop_grace = 20ms;
  start(settings);
  ASSERT_TRUE(running->ask(with("ada")).get());
  pod.serving.set_service_time(create_path, 10s);
  auto pending = running->ask(with("ben"));
  pod.serving.wait_for(create_route, 2);
  running->stop();
  EXPECT_EQ(pending.get().error().error, errc::shutting_down);
}

// -- crashes ------------------------------------------------------------------------

TEST_F(life_test, the_core_restarts_after_a_crash_and_is_given_up_after_the_second) {
  auto restarted = std::make_shared<event_sink>("core_restarted");
  running = std::make_unique<bot>(pod.bot_config(), core_factories{}, restarted);
  std::promise<failure> lost;
  running->on_core_lost([&](const failure& why) { lost.set_value(why); });
  ASSERT_TRUE(running->start());
  ASSERT_TRUE(running->ask(with("ada")).get());

  caf::anon_send_exit(running->handles().im, caf::exit_reason::kill);
  restarted->seen.acquire();
  EXPECT_TRUE(running->ask(with("ben")).get());
  EXPECT_EQ(running->metrics().core_restarts, 1U);
  EXPECT_EQ(running->health().state, health_state::ready);

  caf::anon_send_exit(running->handles().http, caf::exit_reason::kill);
  EXPECT_EQ(lost.get_future().get().error, errc::internal);
  EXPECT_EQ(running->health().state, health_state::degraded);
  EXPECT_EQ(running->health().troubles.at(0).what, "core");
  auto asked = running->ask(with("ada")).get();
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().error, errc::internal) << asked.error().detail;

  // A new start is a new chance.
  running->stop();
  ASSERT_TRUE(running->start());
  EXPECT_TRUE(running->ask(with("cleo")).get());
}

TEST_F(life_test, a_restarted_core_is_looked_after_like_the_first) {
  auto restarted = std::make_shared<event_sink>("core_restarted");
  start(probing(), restarted);
  ASSERT_TRUE(running->ask(with("ada")).get());
  caf::anon_send_exit(running->handles().http, caf::exit_reason::kill);
  restarted->seen.acquire();
  ASSERT_TRUE(running->ask(with("ben")).get());
  pod.serving.set_faults(R"([{"path": "", "status": 503}])");
  EXPECT_FALSE(running->ask(with("cleo"), {.timeout = 200ms}).get());
  pod.serving.clear_requests();
  // Only the health probe sends these requests.
  pod.serving.wait_for("GET /pod/v2/sessioninfo", 2);
  pod.serving.set_faults("[]");
  EXPECT_TRUE(running->ask(with("cleo")).get());
}

TEST_F(life_test, a_supervised_actor_follows_the_core) {
  auto restarted = std::make_shared<event_sink>("core_restarted");
  start(pod.bot_config(), restarted);
  using opener = caf::typed_actor<caf::replies_to<user_id>::with<im_created>>;
  auto own = running->supervise<opener>("opener", [](caf::actor_system& system, const core& parts) {
    return system.spawn([im = parts.im](opener::pointer self) -> opener::behavior_type {
      return {[self, im](user_id whom) {
        return self->delegate(im, create_im{.participants = {whom}});
      }};
    });
  });
  EXPECT_TRUE(running->ask(own, pod.id("ada")).get());
  caf::anon_send_exit(running->handles().auth, caf::exit_reason::kill);
  restarted->seen.acquire();
  // It got `restart_actor` after the restart, before any request that follows here.
  EXPECT_TRUE(running->ask(own, pod.id("ben")).get());
}

// -- embedding -----------------------------------------------------------------------

TEST_F(life_test, a_host_s_actor_system_is_used_and_left_as_it_was) {
  caf::actor_system_config host_config;
  configure(host_config);
  caf::actor_system host{host_config};
  {
    bot one{host, pod.bot_config()};
    bot two{host, pod.bot_config()};
    ASSERT_TRUE(one.start());
    ASSERT_TRUE(two.start());
    EXPECT_TRUE(one.ask(with("ada")).get());
    EXPECT_TRUE(two.ask(with("ada")).get());
    EXPECT_EQ(&one.system(), &host);
  }
  EXPECT_EQ(host.render(to_error({errc::not_connected, "words", 0, {}})).find("not_connected"), 0U);
}

TEST_F(life_test, a_host_s_choice_of_scheduler_stands) {
  caf::actor_system_config host_config;
  host_config.set("scheduler.policy", caf::atom("stealing"));
  configure(host_config);
  EXPECT_EQ(caf::get<caf::atom_value>(host_config, "scheduler.policy"), caf::atom("stealing"));
}

/// Threads and descriptors of this process.
std::pair<std::size_t, std::size_t> held() {
  auto count = [](const char* folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{folder}, {}));
  };
  return {count("/proc/self/task"), count("/proc/self/fd")};
}

TEST_F(life_test, a_thousand_starts_and_stops_leave_nothing) {
  caf::actor_system_config host_config;
  configure(host_config);
  caf::actor_system host{host_config};
  auto cycle = [&](int number) {
    auto settings = pod.bot_config();
    settings.life.probe_interval = number % 3 == 0 ? 1s : 0ms; // Stopped while it logs in.
    bot one{host, settings};
    ASSERT_TRUE(one.start());
    if (number % 50 == 0) {
      ASSERT_TRUE(one.ask(with("ada")).get());
    } else if (number % 2 == 0) {
      auto dropped = one.ask(with("ben"));
    }
  };
  cycle(0);
  auto before = held();
  for (int i = 1; i <= 1'000; ++i)
    cycle(i);
  EXPECT_EQ(held().first, before.first);
  // The pod has connections of its own, which it closes in its own time.
  EXPECT_LE(held().second, before.second + 8);
}

} // namespace
