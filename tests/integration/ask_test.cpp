#include <tests/support/pod_fixture.hpp>
#include <tests/support/routes.hpp>

#include <tutti/bot.hpp>

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <thread>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class ask_test : public ::testing::Test {
public:
  void start(core_factories own = {}) {
    running = std::make_unique<bot>(pod.bot_config(), std::move(own));
    auto started = running->start();
    ASSERT_TRUE(started) << started.error().detail;
  }

  create_im with(const std::string& name) { return {.participants = {pod.id(name)}}; }

  int creates() {
    auto counts = pod.serving.request_counts();
    return counts[create_route];
  }

  pod_fixture pod;
  std::unique_ptr<bot> running;
};

TEST_F(ask_test, the_answer_as_a_future) {
  start();
  auto pending = running->ask(with("ada"));
  auto opened = pending.get();
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->origin, im_origin::pod);
}

TEST_F(ask_test, any_message_of_the_core_finds_its_actor) {
  start();
  auto caller = running->ask(whoami{}).get();
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->username, "demo-bot");
  auto found = running->ask(find_named_users{{}, user_naming::username, {"ada"}}).get();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->users.at("ada"), pod.id("ada"));
  http_call call;
  call.request.target = "/pod/v2/sessioninfo";
  EXPECT_EQ(running->ask(std::move(call)).get()->status, 200);
}

TEST_F(ask_test, many_ims_with_one_question) {
  start();
  auto all = running->ask(open_ims{.sets = {{pod.id("ada")}, {}, {pod.id("ben")}}}).get();
  ASSERT_TRUE(all) << all.error().detail;
  ASSERT_EQ(all->outcomes.size(), 3U);
  EXPECT_TRUE(all->outcomes[0].opened && all->outcomes[2].opened);
  EXPECT_EQ(all->outcomes[1].refused.error, errc::invalid_participants);
  EXPECT_EQ(creates(), 2);
}

TEST_F(ask_test, an_actor_of_one_s_own_is_asked_the_same_way) {
  start();
  using doubler = caf::typed_actor<caf::replies_to<int>::with<int>>;
  doubler own = running->system().spawn(
      []() -> doubler::behavior_type { return {[](int x) { return 2 * x; }}; });
  EXPECT_EQ(running->ask(own, 21).get().value(), 42);
}

TEST_F(ask_test, a_failure_comes_with_its_words) {
  start();
  auto refused = running->ask(with("zoe")).get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, errc::not_connected);
}

TEST_F(ask_test, a_callback_is_called_once_and_off_the_loop) {
  start();
  std::promise<std::thread::id> called;
  running->ask(with("ada")).then([&](result<im_created> opened) {
    EXPECT_TRUE(opened);
    called.set_value(std::this_thread::get_id());
  });
  auto on = called.get_future().get();
  EXPECT_NE(on, std::this_thread::get_id());
}

TEST_F(ask_test, a_callback_runs_where_the_host_wants_it) {
  start();
  std::promise<std::function<void()>> handed;
  running->ask(with("ada"))
      .then([&](std::function<void()> job) { handed.set_value(job); },
            [](const result<im_created>& opened) { EXPECT_TRUE(opened); });
  handed.get_future().get()();
}

TEST_F(ask_test, what_a_callback_throws_goes_no_further) {
  start();
  std::promise<void> called;
  running->ask(with("ada")).then([&](const result<im_created>&) {
    called.set_value();
    throw std::runtime_error{"the host's defect"};
  });
  called.get_future().get();
  EXPECT_TRUE(running->ask(with("ben")).get());
}

TEST_F(ask_test, the_deadline_of_a_call) {
  start();
  ASSERT_TRUE(running->ask(with("ada")).get());
  pod.serving.set_service_time(create_path, 10s);
  auto late = running->ask(with("ben"), {.timeout = 50ms}).get();
  EXPECT_EQ(late.error().error, errc::deadline_exceeded);
  // A message without a time of its own.
  pod.serving.set_service_time("/pod/v3/users", 10s);
  auto users = find_users{{}, participant_set::of(std::vector{pod.id("cleo")})};
  EXPECT_EQ(running->ask(users, {.timeout = 50ms}).get().error().error, errc::deadline_exceeded);
}

TEST_F(ask_test, an_actor_that_never_answers_is_given_up) {
  core_factories own;
  own.entitlement = [](const core_context& context) {
    return context.system.spawn(
        [](entitlement_actor::pointer self) -> entitlement_actor::behavior_type {
          return {[self](const check_entitlement&) {
            return self->make_response_promise<caf::typed_response_promise<entitlement_checked>>();
          }};
        });
  };
  start(own);
  EXPECT_EQ(running->ask(check_entitlement{}, {.timeout = 20ms}).get().error().error,
            errc::deadline_exceeded);
}

TEST_F(ask_test, dropping_the_handle_takes_the_question_back) {
  start();
  ASSERT_TRUE(running->ask(with("ada")).get());
  pod.serving.set_service_time(create_path, 10s);
  {
    auto dropped = running->ask(with("ben"));
    pod.serving.wait_for(create_route, 2);
  }
  // Asked behind the cancellation: by then it has been counted.
  EXPECT_TRUE(running->ask(with("ada")).get());
  EXPECT_EQ(running->metrics().not_opened.at(errc::cancelled), 1U);
  EXPECT_EQ(running->metrics().waiting, 0U);
}

TEST_F(ask_test, taking_it_back_answers_the_callback) {
  start();
  ASSERT_TRUE(running->ask(with("ada")).get());
  pod.serving.set_service_time(create_path, 10s);
  std::promise<errc> told;
  auto pending = running->ask(with("ben"));
  pending.then([&](const result<im_created>& opened) { told.set_value(opened.error().error); });
  pending.cancel();
  EXPECT_EQ(told.get_future().get(), errc::cancelled);
}

TEST_F(ask_test, before_the_start_and_after_the_stop_the_answer_is_at_once) {
  bot idle{pod.bot_config()};
  EXPECT_EQ(idle.ask(whoami{}).get().error().code, "not_started");
  start();
  running->stop();
  EXPECT_EQ(running->ask(whoami{}).get().error().error, errc::shutting_down);
  bool called = false;
  running->ask(whoami{}).then([&](const result<caller_info>&) { called = true; });
  EXPECT_TRUE(called);
}

TEST_F(ask_test, an_answer_outlives_its_bot) {
  start();
  pod.serving.set_service_time(create_path, 10s);
  auto pending = running->ask(with("ada"));
  running.reset();
  EXPECT_EQ(pending.get().error().error, errc::shutting_down);
}

TEST_F(ask_test, stopping_waits_for_callbacks) {
  start();
  std::latch inside{1};
  std::atomic<bool> ended{false};
  running->ask(with("ada")).then([&](const result<im_created>&) {
    inside.count_down();
    std::this_thread::yield();
    ended = true;
  });
  inside.wait();
  running->stop();
  EXPECT_TRUE(ended);
}

// -- coroutines -----------------------------------------------------------------

task<result<stream_id>> open_both(bot& running, user_id first, user_id second) {
  auto one = running.ask(create_im{.participants = {first}});
  auto two = running.ask(create_im{.participants = {second}});
  auto opened = co_await std::move(one);
  if (!opened)
    co_return opened.error();
  auto other = co_await std::move(two);
  if (!other)
    co_return other.error();
  co_return other->stream;
}

task<int> twice(bot& running, user_id user) {
  auto first = co_await open_both(running, user, user);
  auto second = co_await open_both(running, user, user);
  if (first.value() != second.value())
    throw std::runtime_error{"two streams"};
  co_return 2;
}

task<> throwing() {
  throw std::runtime_error{"the author's defect"};
  co_return;
}

TEST_F(ask_test, a_coroutine_awaits_answers) {
  start();
  auto opened = running->run(open_both(*running, pod.id("ada"), pod.id("ben"))).get();
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(running->find_im({pod.id("ben")}), *opened);
}

TEST_F(ask_test, tasks_await_tasks) {
  start();
  EXPECT_EQ(running->run(twice(*running, pod.id("ada"))).get().value(), 2);
}

TEST_F(ask_test, what_a_task_throws_is_its_failure) {
  start();
  auto thrown = running->run(throwing()).get();
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().error, errc::internal);
  EXPECT_EQ(thrown.error().detail, "the author's defect");
}

TEST_F(ask_test, dropping_a_running_task_takes_back_what_it_waits_for) {
  start();
  ASSERT_TRUE(running->ask(with("ada")).get());
  pod.serving.set_service_time(create_path, 10s);
  std::promise<errc> ended;
  auto waits = [](bot& one, create_im what, std::promise<errc>& told) -> task<> {
    auto opened = co_await one.ask(std::move(what));
    told.set_value(opened.error().error);
    // Whatever it asks from now on is taken back as well.
    auto again = co_await one.ask(whoami{});
    (void)again;
  };
  {
    auto task_run = running->run(waits(*running, with("ben"), ended));
    pod.serving.wait_for(create_route, 2);
  }
  EXPECT_EQ(ended.get_future().get(), errc::cancelled);
}

TEST_F(ask_test, a_coroutine_pauses_and_is_not_held_up_by_it) {
  start();
  auto pauses = [](bot& one) -> task<int> {
    auto paused = co_await one.after(10ms);
    co_return paused ? 1 : 0;
  };
  EXPECT_EQ(running->run(pauses(*running)).get().value(), 1);
  auto long_pause = running->after(1h);
  long_pause.cancel();
  EXPECT_EQ(long_pause.get().error().error, errc::cancelled);
  auto other = running->after(1h);
  running->stop();
  EXPECT_EQ(other.get().error().error, errc::shutting_down);
}

TEST_F(ask_test, a_task_that_never_ran_leaves_nothing) {
  start();
  { auto unused = open_both(*running, pod.id("ada"), pod.id("ben")); }
  EXPECT_EQ(creates(), 0);
}

// -- the directory ----------------------------------------------------------------

TEST_F(ask_test, the_directory_is_read_in_the_calling_thread) {
  start();
  EXPECT_FALSE(running->find_im({pod.id("ada")}));
  auto opened = running->ask(with("ada")).get();
  EXPECT_EQ(running->find_im({pod.id("ada")}), opened->stream);
  EXPECT_EQ(running->find_im({pod.id("ada"), pod.id("demo-bot")}), opened->stream);
  EXPECT_FALSE(running->find_im({pod.id("ben")}));
  EXPECT_FALSE(running->find_im({}));
  auto as = identity::on_behalf_of(pod.id("ben"));
  EXPECT_FALSE(running->find_im(std::vector{pod.id("ada")}, as));
  EXPECT_EQ(running->metrics().directory_reads_hit, 2U);
}

// -- many -----------------------------------------------------------------------------

TEST_F(ask_test, ten_thousand_calls_taken_back) {
  start();
  ASSERT_TRUE(running->ask(with("ada")).get());
  pod.serving.set_service_time(create_path, 10s);
  for (int i = 0; i < 10'000; ++i)
    auto dropped = running->ask(with(i % 2 == 0 ? "ben" : "cleo"));
  // Behind all of them.
  EXPECT_TRUE(running->ask(with("ada")).get());
  auto seen = running->metrics();
  EXPECT_EQ(seen.waiting, 0U);
  EXPECT_EQ(seen.flights_under_way, 0U);
}

TEST_F(ask_test, many_threads_ask_at_once) {
  start();
  std::vector<std::jthread> threads;
  std::atomic<int> opened{0};
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, name = i % 2 == 0 ? "ada" : "ben"] {
      for (int k = 0; k < 100; ++k)
        opened += running->ask(with(name)).get() ? 1 : 0;
    });
  threads.clear();
  EXPECT_EQ(opened, 800);
  EXPECT_EQ(creates(), 2);
}

} // namespace
