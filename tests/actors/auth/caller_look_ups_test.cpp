#include <actors/auth/caller_look_ups.hpp>

#include <tests/support/users.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

using look_ups = caller_look_ups<int>;
using look_up_step = look_ups::action;

class caller_look_ups_test : public ::testing::Test {
public:
  look_ups all{2};
  look_ups::time_point now{1h};
  caller_info bot{user(1), "bot", "The bot"};
  caller_info joe{user(2), "joe", "Joe"};
};

TEST_F(caller_look_ups_test, the_first_asker_looks_up_and_the_next_wait) {
  EXPECT_EQ(all.ask("joe", 1, now).then, look_up_step::look_up);
  EXPECT_EQ(all.ask("joe", 2, now).then, look_up_step::wait);
  EXPECT_THAT(all.end("joe"), ElementsAre(1, 2));
}

TEST_F(caller_look_ups_test, names_and_the_bot_itself_are_looked_up_apart) {
  EXPECT_EQ(all.ask(std::nullopt, 1, now).then, look_up_step::look_up);
  EXPECT_EQ(all.ask("joe", 2, now).then, look_up_step::look_up);
  EXPECT_EQ(all.ask("", 3, now).then, look_up_step::look_up);
  EXPECT_THAT(all.end(std::nullopt), ElementsAre(1));
}

TEST_F(caller_look_ups_test, what_was_found_is_the_answer_until_it_is_too_old) {
  all.found("joe", joe, now + 1min);
  auto next = all.ask("joe", 1, now);
  ASSERT_EQ(next.then, look_up_step::answer);
  EXPECT_EQ(*next.known, joe);
  EXPECT_THAT(all.end("joe"), IsEmpty());
  EXPECT_EQ(all.ask("joe", 2, now + 1min).then, look_up_step::look_up);
}

TEST_F(caller_look_ups_test, the_bot_is_looked_up_once_for_all) {
  all.found(std::nullopt, bot, now);
  for (const auto* other : {"ada", "ben", "cyd"})
    all.found(other, joe, now + 1h);
  auto next = all.ask(std::nullopt, 1, now + 24h * 365);
  ASSERT_EQ(next.then, look_up_step::answer);
  EXPECT_EQ(*next.known, bot);
}

TEST_F(caller_look_ups_test, of_users_some_are_kept) {
  for (const auto* other : {"ada", "ben", "cyd"})
    all.found(other, joe, now + 1h);
  EXPECT_EQ(all.ask("ada", 1, now).then, look_up_step::look_up);
  EXPECT_EQ(all.ask("cyd", 2, now).then, look_up_step::answer);
}

TEST_F(caller_look_ups_test, after_a_failure_the_next_asker_looks_up_again) {
  all.ask("joe", 1, now);
  all.end("joe");
  EXPECT_EQ(all.ask("joe", 2, now).then, look_up_step::look_up);
}

TEST_F(caller_look_ups_test, at_the_end_everybody_who_waits_is_named) {
  all.ask("joe", 1, now);
  all.ask(std::nullopt, 2, now);
  EXPECT_THAT(all.end(), UnorderedElementsAre(1, 2));
  EXPECT_THAT(all.end(), IsEmpty());
}

} // namespace
