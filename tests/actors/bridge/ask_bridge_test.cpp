#include <actors/loop/resident.hpp>

#include <tutti/testing/virtual_system.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tutti::testing {
namespace {

struct question {
  int number = 0;
};
struct reply {
  int number = 0;
};
struct go {
  int questions = 0;
};
struct answer_now {
  int number = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, question& x) {
  return f(caf::meta::type_name("question"), x.number);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, reply& x) {
  return f(caf::meta::type_name("reply"), x.number);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, go& x) {
  return f(caf::meta::type_name("go"), x.questions);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, answer_now& x) {
  return f(caf::meta::type_name("answer_now"), x.number);
}

using oracle_actor =
    caf::typed_actor<caf::replies_to<question>::with<reply>, caf::reacts_to<answer_now>>;

/// Answers on `answer_now`, in any order.
class oracle final : public resident<oracle_actor> {
public:
  using resident::resident;

  std::vector<unique_promise<reply>> who;
  std::vector<caf::message_id> asked;

protected:
  behavior_type make_behavior() override {
    return {[this](const question&) -> caf::delegated<reply> {
              asked.push_back(current_mailbox_element()->mid);
              who.push_back(take_promise<reply>());
              return {};
            },
            [this](answer_now what) {
              auto& one = who.at(static_cast<std::size_t>(what.number));
              if (what.number == 2)
                one.fail(this, {errc::rejected, "not this one", 0, {}});
              else
                one.answer(this, reply{what.number});
              one.answer(this, reply{1'000}); // A second answer is dropped.
            }};
  }
};

class curious final : public resident<caf::typed_actor<caf::reacts_to<go>>> {
public:
  curious(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, oracle_actor whom,
          std::shared_ptr<std::vector<std::string>> heard)
      : resident(cfg, std::move(unit)), whom_(std::move(whom)), heard_(std::move(heard)) {}

protected:
  behavior_type make_behavior() override {
    return {[this](go wanted) {
      for (int i = 0; i < wanted.questions; ++i)
        ask(
            whom_, question{i},
            [this, i](const reply& came) {
              heard_->push_back(std::to_string(i) + " gets " + std::to_string(came.number));
            },
            [this, i](const caf::error& why) {
              heard_->push_back(std::to_string(i) +
                                " fails: " + std::string{to_string(to_failure(why).error)});
            });
    }};
  }

private:
  oracle_actor whom_;
  std::shared_ptr<std::vector<std::string>> heard_;
};

class asking_test : public ::testing::Test {
public:
  void answer(int number) {
    caf::anon_send(whom, answer_now{number});
    sys.run();
  }

  virtual_system sys;
  std::shared_ptr<std::vector<std::string>> heard = std::make_shared<std::vector<std::string>>();
  oracle_actor whom = spawn_resident<oracle>(sys.system, nullptr);
  caf::typed_actor<caf::reacts_to<go>> asks =
      spawn_resident<curious>(sys.system, nullptr, whom, heard);
};

TEST_F(asking_test, each_answer_reaches_who_asked_for_it_in_whatever_order_they_come) {
  caf::anon_send(asks, go{4});
  sys.run();
  for (int number : {3, 0, 2, 1})
    answer(number);
  EXPECT_THAT(*heard,
              ::testing::ElementsAre("3 gets 3", "0 gets 0", "2 fails: rejected", "1 gets 1"));
}

TEST_F(asking_test, a_late_answer_is_not_taken_for_that_of_a_newer_question) {
  caf::anon_send(asks, go{1});
  sys.run();
  answer(0);
  caf::anon_send(asks, go{1});
  sys.run();
  // The first one once more, while the second is awaited where the first was.
  auto first = caf::actor_cast<oracle*>(whom)->asked.at(0).response_id();
  caf::actor_cast<caf::abstract_actor*>(asks)->enqueue(
      caf::make_mailbox_element(caf::actor_cast<caf::strong_actor_ptr>(whom), first, {}, reply{7}),
      nullptr);
  sys.run();
  EXPECT_THAT(*heard, ::testing::ElementsAre("0 gets 0"));
  answer(1);
  EXPECT_THAT(*heard, ::testing::ElementsAre("0 gets 0", "0 gets 1"));
}

TEST_F(asking_test, who_has_ended_gives_an_error) {
  sys.kill(whom);
  caf::anon_send(asks, go{1});
  sys.run();
  EXPECT_THAT(*heard, ::testing::ElementsAre("0 fails: shutting_down"));
}

TEST_F(asking_test, nobody_gives_an_error) {
  asks = spawn_resident<curious>(sys.system, nullptr, oracle_actor{}, heard);
  caf::anon_send(asks, go{1});
  sys.run();
  EXPECT_THAT(*heard, ::testing::ElementsAre("0 fails: internal"));
}

TEST_F(asking_test, an_asker_that_has_ended_is_noticed_and_does_no_harm) {
  caf::anon_send(asks, go{1});
  sys.run();
  auto* inside = caf::actor_cast<oracle*>(whom);
  EXPECT_FALSE(inside->who.at(0).gone());
  sys.kill(asks);
  EXPECT_TRUE(inside->who.at(0).gone());
  answer(0);
  EXPECT_TRUE(heard->empty());
}

TEST_F(asking_test, in_a_chain_of_actors_the_next_one_gets_the_answer) {
  auto doubles = sys.system.spawn([](caf::event_based_actor*) -> caf::behavior {
    return {[](reply& first) { return reply{first.number * 2}; }};
  });
  auto chain = doubles * caf::actor_cast<caf::actor>(whom);
  auto got = std::make_shared<int>(0);
  sys.system.spawn([chain, got](caf::event_based_actor* self) {
    for (int number : {0, 1})
      self->request(chain, caf::infinite, question{number}).then([got](const reply& came) {
        *got = came.number;
      });
  });
  sys.run();
  answer(1);
  EXPECT_EQ(*got, 2);
}

} // namespace
} // namespace tutti::testing
