// What authors do by mistake: it is named, and neither hangs nor ends the process.
#include <tests/support/pod_fixture.hpp>

#include <tutti/bot.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

/// Lines as `event key=value ...`.
class kept_warnings final : public log_sink {
public:
  void write(log_level, std::string_view, std::string_view event,
             std::span<const log_field> fields) noexcept override {
    auto guard = std::lock_guard{lock_};
    text_.append(event);
    for (const auto& each : fields)
      text_.append(" ").append(each.key).append("=").append(each.value);
    text_ += "\n";
  }
  bool keeps(log_level level, std::string_view) const noexcept override {
    return level >= log_level::warn;
  }
  bool has(const std::string& words) {
    auto guard = std::lock_guard{lock_};
    return text_.find(words) != text_.npos;
  }

private:
  std::mutex lock_;
  std::string text_;
};

class misuse_test : public ::testing::Test {
public:
  void start(std::chrono::milliseconds grace = 5s) {
    auto settings = pod.bot_config();
    settings.life.stop_grace = grace;
    running = std::make_unique<bot>(settings, core_factories{}, lines);
    running->start().value();
  }

  create_im with(const std::string& name) { return {.participants = {pod.id(name)}}; }

  pod_fixture pod;
  std::shared_ptr<kept_warnings> lines = std::make_shared<kept_warnings>();
  std::unique_ptr<bot> running;
};

TEST_F(misuse_test, times_beyond_what_clocks_count_are_long_and_not_over) {
  start();
  pod.serving.set_service_time("/pod/v1/im/create", 20ms);
  auto asked = running->ask(with("ada"), {std::chrono::milliseconds::max()});
  EXPECT_TRUE(asked.wait_for(std::chrono::nanoseconds::max()));
  EXPECT_TRUE(asked.get());
  auto second = with("ben");
  second.timeout = std::chrono::milliseconds::max();
  EXPECT_TRUE(running->ask(second).get());
}

TEST_F(misuse_test, a_handle_that_was_moved_from_has_no_question) {
  start();
  auto asked = running->ask(whoami{});
  auto moved = std::move(asked);
  EXPECT_TRUE(asked.ready()); // NOLINT(bugprone-use-after-move): the subject.
  EXPECT_TRUE(asked.wait_for(1h));
  EXPECT_EQ(asked.get().error().code, "no_question");
  asked.cancel();
  std::string code;
  asked.then([&](const result<caller_info>& none) { code = none.error().code; });
  EXPECT_EQ(code, "no_question");
  EXPECT_TRUE(moved.get());
  auto awaiting = [](pending<caller_info> gone) -> task<result<caller_info>> {
    auto taken = std::move(gone);
    co_return co_await gone; // NOLINT(bugprone-use-after-move): the subject.
  };
  EXPECT_EQ(running->run(awaiting(running->ask(whoami{}))).get().error().code, "no_question");
}

TEST_F(misuse_test, a_failure_can_be_taken_twice_and_a_value_once) {
  start();
  auto refused = running->ask(create_im{});
  auto first = refused.get().error();
  EXPECT_FALSE(first.detail.empty());
  EXPECT_EQ(refused.get().error(), first);
  auto opened = running->ask(with("ada"));
  EXPECT_TRUE(opened.get());
  EXPECT_EQ(opened.get().error().code, "taken");
}

TEST_F(misuse_test, waiting_on_the_loop_is_refused_by_name) {
  start();
  std::promise<failure> got;
  std::promise<bool> stopped;
  auto inline_executor = [](const std::function<void()>& job) { job(); };
  auto asked = running->ask(whoami{});
  asked.then(inline_executor, [&](const result<caller_info>&) {
    got.set_value(running->ask(with("ada")).get().error());
    stopped.set_value(running->stop());
  });
  EXPECT_EQ(got.get_future().get().code, "would_deadlock");
  EXPECT_FALSE(stopped.get_future().get());
  EXPECT_TRUE(lines->has("stop_refused"));
  EXPECT_TRUE(running->ask(whoami{}).get()) << "nothing has been stopped";
}

TEST_F(misuse_test, a_bot_may_be_destroyed_on_its_loop) {
  start();
  std::promise<void> gone;
  auto asked = running->ask(whoami{});
  std::move(asked).then([](const std::function<void()>& job) { job(); },
                        [&](const result<caller_info>&) {
                          running.reset();
                          gone.set_value();
                        });
  gone.get_future().get();
}

TEST_F(misuse_test, a_bot_may_be_destroyed_in_its_own_callback) {
  start();
  std::promise<void> gone;
  running->ask(whoami{}).then([&](const result<caller_info>&) {
    running.reset();
    gone.set_value();
  });
  gone.get_future().get();
}

TEST_F(misuse_test, a_bot_may_be_stopped_where_another_one_is_served) {
  start();
  bot other{pod.bot_config()};
  other.start().value();
  std::promise<bool> in_callback;
  other.ask(whoami{}).then(
      [&](const result<caller_info>&) { in_callback.set_value(running->stop()); });
  EXPECT_TRUE(in_callback.get_future().get());
  running->start().value();
  std::promise<bool> on_loop;
  other.ask(whoami{}).then([](const std::function<void()>& job) { job(); },
                           [&](const result<caller_info>&) { on_loop.set_value(running->stop()); });
  EXPECT_TRUE(on_loop.get_future().get());
  EXPECT_FALSE(lines->has("stop_refused"));
}

task<result<im_created>> ask_twice(bot& with, user_id whom) {
  auto who = co_await with.ask(whoami{});
  if (!who)
    co_return who.error();
  create_im request;
  request.participants = {whom};
  co_return co_await with.ask(std::move(request));
}

TEST_F(misuse_test, actors_that_wait_for_tasks_do_not_stand_still_together) {
  start();
  constexpr int many = 16; // More than the scheduler has threads.
  std::latch all{many};
  std::atomic<int> good{0};
  auto ada = pod.id("ada");
  for (int i = 0; i < many; ++i)
    running->system().spawn([&](caf::event_based_actor*) {
      good += running->run(ask_twice(*running, ada)).get() ? 1 : 0;
      all.count_down();
    });
  all.wait();
  EXPECT_EQ(good, many);
  EXPECT_TRUE(lines->has("scheduler_stuck"));
}

TEST_F(misuse_test, callbacks_that_wait_for_tasks_do_not_stand_still_together) {
  start();
  constexpr int many = 16;
  std::latch all{many};
  std::atomic<int> good{0};
  for (int i = 0; i < many; ++i)
    running->ask(whoami{}).then([&](const result<caller_info>&) {
      good += running->run(ask_twice(*running, pod.id("ada"))).get() ? 1 : 0;
      all.count_down();
    });
  all.wait();
  EXPECT_EQ(good, many);
  EXPECT_TRUE(lines->has("callback_waits"));
}

/// Counts those that live.
struct witness {
  explicit witness(std::atomic<int>& count) : count_(&count) { ++*count_; }
  witness(const witness& other) : count_(other.count_) { ++*count_; }
  witness& operator=(const witness&) = delete;
  ~witness() { --*count_; }

private:
  std::atomic<int>* count_;
};

task<int> until_it_works(bot& with, witness, std::atomic<int>& tries) {
  while (true) {
    ++tries;
    if (auto done = co_await with.after(24h))
      co_return 1;
  }
}

/// The same within another task.
task<int> around(bot& with, witness seen, std::atomic<int>& tries) {
  co_return co_await until_it_works(with, seen, tries);
}

TEST_F(misuse_test, a_task_that_retries_for_ever_ends_with_the_bot) {
  start();
  std::atomic<int> living{0};
  std::atomic<int> tries{0};
  auto going = running->run(around(*running, witness{living}, tries));
  while (tries == 0)
    std::this_thread::yield();
  EXPECT_TRUE(running->stop());
  EXPECT_EQ(going.get().error().error, errc::shutting_down);
  EXPECT_EQ(tries, 2) << "told once, destroyed when it asked again";
  EXPECT_EQ(living, 0);
}

TEST_F(misuse_test, a_task_that_retries_for_ever_ends_when_it_is_cancelled) {
  start();
  std::atomic<int> living{0};
  std::atomic<int> tries{0};
  {
    auto going = running->run(until_it_works(*running, witness{living}, tries));
    while (tries == 0)
      std::this_thread::yield();
    going.cancel();
    EXPECT_EQ(going.get().error().error, errc::cancelled);
  }
  EXPECT_EQ(tries, 2);
  EXPECT_TRUE(running->stop());
  EXPECT_EQ(living, 0);
}

TEST_F(misuse_test, a_task_may_clean_up_when_it_was_told) {
  start();
  auto tidy = [](bot& with) -> task<std::string> {
    auto slept = co_await with.after(24h);
    co_return slept ? "slept" : std::string{to_string(slept.error().error)};
  };
  auto going = running->run(tidy(*running));
  running->stop();
  EXPECT_EQ(going.get().value(), "shutting_down");
}

TEST_F(misuse_test, a_callback_that_asks_again_for_ever_ends_with_the_bot) {
  start();
  std::atomic<int> calls{0};
  std::function<void()> again = [&] {
    ++calls;
    running->after(calls == 1 ? 24h : 1ms).then([&](const result<void>& slept) {
      if (!slept)
        again();
    });
  };
  again();
  EXPECT_TRUE(running->stop());
  EXPECT_LT(calls, 100);
}

TEST_F(misuse_test, an_actor_that_blocks_is_left_behind_within_the_grace) {
  start(300ms);
  std::promise<void> blocks;
  auto release = std::make_shared<std::promise<void>>();
  auto held = std::make_shared<std::shared_future<void>>(release->get_future());
  auto blocked = running->supervise<caf::actor>(
      "sleeper", [&blocks, held](caf::actor_system& system, const core&) {
        return system.spawn([&blocks, held](caf::event_based_actor*) -> caf::behavior {
          return {[&blocks, held](int) {
            blocks.set_value();
            held->get();
          }};
        });
      });
  caf::anon_send(blocked, 1);
  blocks.get_future().get();
  EXPECT_FALSE(running->stop());
  EXPECT_TRUE(lines->has("stop_incomplete left_behind=a supervised actor"));
  EXPECT_FALSE(running->start()) << "it has not stopped entirely";
  running.reset();
  release->set_value();
}

TEST_F(misuse_test, a_callback_that_blocks_is_left_behind_within_the_grace) {
  start(300ms);
  auto release = std::make_shared<std::promise<void>>();
  std::promise<void> blocks;
  running->ask(whoami{}).then([&blocks, release](const result<caller_info>&) {
    blocks.set_value();
    release->get_future().get();
  });
  blocks.get_future().get();
  EXPECT_FALSE(running->stop());
  EXPECT_TRUE(lines->has("a callback or coroutine"));
  running.reset();
  release->set_value();
}

TEST_F(misuse_test, a_bot_that_was_made_before_a_fork_works_in_the_child) {
  bot made{pod.bot_config()};
  auto child = ::fork();
  if (child == 0) {
    auto works = made.start() && made.ask(whoami{}).get();
    made.stop();
    ::_exit(works ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

} // namespace
