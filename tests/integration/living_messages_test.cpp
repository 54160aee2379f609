// Messages that change while they are made, at a desk.
#include <tutti/living_message.hpp>
#include <tutti/testing/desk.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class living_messages_test : public ::testing::Test {
public:
  /// Counts to `most`, a step each 100 ms.
  void counts(int most) {
    desk.bot().on_message([most](chat& chat) -> task<> {
      auto shown = co_await chat.say_live("0");
      for (int i = 1; i <= most; ++i) {
        co_await chat.bot().after(100ms);
        shown.show(std::to_string(i));
      }
      co_await shown.end("ready");
    });
  }
  tutti::testing::desk desk;
};

TEST_F(living_messages_test, shows_two_states_a_second_and_the_last_one) {
  counts(20);
  auto ada = desk.user("ada");
  ada.says("count");
  desk.passes(1s);
  EXPECT_THAT(ada.unheard(), SizeIs(2));
  desk.passes(3s);
  const auto all = ada.unheard();
  EXPECT_THAT(all, SizeIs(6)); // Of two seconds, and the end.
  EXPECT_EQ(all.front(), "0");
  EXPECT_EQ(all.back(), "ready");
}

TEST_F(living_messages_test, pieces_are_put_behind_each_other) {
  desk.bot().on_message([](chat& chat) -> task<> {
    auto answer = co_await chat.say_live("...");
    for (const auto* piece : {"All", " of", " <it>"}) {
      answer.add(piece);
      co_await chat.bot().after(600ms);
    }
    const auto last = co_await answer.end();
    co_await chat.say("The end of " + last.text());
  });
  auto ada = desk.user("ada");
  ada.says("tell");
  desk.passes(5s);
  EXPECT_THAT(ada.unheard(),
              ElementsAre("...", "All", "All of", "All of <it>", "The end of All of <it>"));
}

TEST_F(living_messages_test, a_handler_that_fails_leaves_a_note_and_goes_on_in_the_same_message) {
  auto attempts = std::make_shared<int>(0);
  desk.bot().on_message([attempts](chat& chat) -> task<> {
    auto answer = co_await chat.say_live("Thinking");
    answer.show("half");
    if (++*attempts == 1)
      throw std::runtime_error{"the model is away"};
    co_await answer.end("whole");
  });
  auto ada = desk.user("ada");
  ada.says("tell");
  desk.passes(600ms);
  EXPECT_THAT(ada.unheard().back(), ::testing::AllOf(HasSubstr("half"), HasSubstr("(broken off)")));
  desk.passes(1min);
  const auto all = ada.unheard();
  EXPECT_EQ(std::count(all.begin(), all.end(), "Thinking"), 1);
  EXPECT_EQ(all.back(), "whole");
}

TEST_F(living_messages_test, goes_on_in_the_same_message_after_a_kill) {
  counts(20);
  auto ada = desk.user("ada");
  ada.says("count");
  desk.passes(1s);
  desk.restarts_the_bot();
  desk.passes(10s);
  const auto all = ada.unheard();
  EXPECT_EQ(std::count(all.begin(), all.end(), "0"), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), "ready"), 1);
  EXPECT_EQ(all.back(), "ready");
}

TEST_F(living_messages_test, an_update_that_is_lost_is_left_to_the_next) {
  counts(20);
  auto ada = desk.user("ada");
  desk.refuses("/update", 400);
  ada.says("count");
  desk.passes(10s);
  EXPECT_EQ(ada.unheard().back(), "ready");
}

TEST_F(living_messages_test, the_last_state_is_said_where_nothing_may_be_updated) {
  counts(3);
  auto ada = desk.user("ada");
  desk.refuses("/update", 403, 1'000);
  ada.says("count");
  desk.passes(10s);
  EXPECT_THAT(ada.unheard(), ElementsAre("0", "ready"));
}

TEST_F(living_messages_test, what_is_shown_already_is_not_sent_again) {
  desk.bot().on_message([](chat& chat) -> task<> {
    auto answer = co_await chat.say_live("at once");
    co_await answer.end();
  });
  auto ada = desk.user("ada");
  ada.says("tell");
  desk.passes(5s);
  EXPECT_THAT(ada.unheard(), ElementsAre("at once"));
}

TEST_F(living_messages_test, files_are_refused_by_name) {
  std::string why;
  desk.bot().on_message([&why](chat& chat) -> task<> {
    auto answer = co_await chat.say_live("a");
    try {
      answer.show(outgoing_message{"b"}.attach(attachment::bytes("x.txt", "x")));
    } catch (const std::logic_error& refused) {
      why = refused.what();
    }
    co_await answer.end();
  });
  desk.user("ada").says("tell");
  EXPECT_THAT(why, HasSubstr("files"));
}

} // namespace
