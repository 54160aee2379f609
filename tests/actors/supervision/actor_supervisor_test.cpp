#include <tutti/testing/virtual_system.hpp>

#include <actors/supervision/actor_supervisor.hpp>

#include <caf/typed_event_based_actor.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

/// Answers with its number; throws when it gets a negative one; ends when it gets 0.
using numbered = caf::typed_actor<caf::replies_to<int>::with<int>>;

class supervisor_test : public ::testing::Test {
public:
  void start() {
    shell = caf::actor_cast<numbered>(spawn_actor_supervisor(
        sys.system,
        {"counter",
         [this]() -> caf::actor {
           if (broken)
             throw std::runtime_error{"cannot be made"};
           ++made;
           auto fresh = caf::actor_cast<caf::actor>(
               sys.system.spawn([number = made](numbered::pointer self) -> numbered::behavior_type {
                 return {[self, number](int what) {
                   if (what < 0)
                     throw std::runtime_error{"told so"};
                   if (what == 0)
                     self->quit();
                   return number;
                 }};
               }));
           child = caf::actor_cast<caf::strong_actor_ptr>(fresh);
           return fresh;
         }},
        {}, life));
    sys.run();
  }

  ~supervisor_test() override { sys.kill(shell); }

  asked<int> tell(int what) {
    auto pending = sys.ask<int>(shell, what);
    sys.run();
    return pending;
  }

  virtual_system sys;
  std::shared_ptr<telemetry> life = std::make_shared<telemetry>();
  numbered shell;
  caf::strong_actor_ptr child;
  int made = 0;
  bool broken = false;
};

TEST_F(supervisor_test, forwards_to_its_actor) {
  start();
  EXPECT_EQ(*tell(1), 1);
  EXPECT_EQ(*tell(1), 1);
}

TEST_F(supervisor_test, makes_a_failed_actor_again_after_a_pause_and_says_so) {
  start();
  tell(-1);
  EXPECT_EQ(tell(1).error(), errc::internal) << "in the pause";
  ASSERT_EQ(life->board.look().troubles.size(), 1U);
  EXPECT_EQ(life->board.look().troubles[0].what, "actor counter");
  sys.advance(100ms);
  EXPECT_EQ(*tell(1), 2);
  EXPECT_TRUE(life->board.look().troubles.empty());
  EXPECT_EQ(life->restarts.read().at("counter"), 1U);
}

TEST_F(supervisor_test, pauses_grow_and_start_over_after_a_long_life) {
  start();
  tell(-1);
  sys.advance(100ms);
  tell(-1);
  sys.advance(100ms);
  EXPECT_EQ(made, 2);
  sys.advance(100ms);
  EXPECT_EQ(made, 3);
  sys.advance(2min);
  tell(-1);
  sys.advance(100ms);
  EXPECT_EQ(made, 4);
}

TEST_F(supervisor_test, an_actor_that_cannot_be_made_is_tried_again) {
  broken = true;
  start();
  EXPECT_EQ(made, 0);
  broken = false;
  sys.advance(100ms);
  EXPECT_EQ(*tell(1), 1);
}

TEST_F(supervisor_test, an_actor_that_ends_by_itself_ends_it) {
  start();
  tell(0);
  EXPECT_EQ(made, 1);
  EXPECT_FALSE(tell(1).ok());
  sys.advance(1h);
  EXPECT_EQ(made, 1);
}

TEST_F(supervisor_test, restarts_it_on_request) {
  start();
  caf::anon_send(caf::actor_cast<caf::actor>(shell), restart_actor{});
  sys.run();
  EXPECT_EQ(*tell(1), 2);
  EXPECT_TRUE(life->restarts.read().empty());
}

TEST_F(supervisor_test, its_end_waits_for_that_of_the_actor) {
  start();
  bool child_ended = false;
  bool shell_ended = false;
  caf::actor_cast<caf::abstract_actor*>(child)->attach_functor([&] { child_ended = true; });
  caf::actor_cast<caf::abstract_actor*>(shell)->attach_functor([&] {
    shell_ended = true;
    EXPECT_TRUE(child_ended);
  });
  sys.kill(shell);
  EXPECT_TRUE(shell_ended);
  EXPECT_FALSE(tell(1).ok());
  EXPECT_TRUE(life->board.look().troubles.empty());
}

} // namespace
