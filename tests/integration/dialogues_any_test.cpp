// The step of a dialogue that waits for what comes first.
#include <tutti/dialogue.hpp>
#include <tutti/form.hpp>
#include <tutti/testing/desk.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct amount {
  int quantity = 1;
};
BOOST_DESCRIBE_STRUCT(amount, (), (quantity))

class dialogues_any_test : public ::testing::Test {
public:
  void SetUp() override {
    desk.bot().on("/buy", "Buys", [](dialogue& talk) -> task<> {
      const question<int> how_many{"How many? Or fill in:"};
      const form<amount> shown{"amount"};
      const auto first = co_await talk.when_any(how_many, shown, 10min);
      std::string said;
      if (first.index() == 0)
        said = "typed " + std::to_string(std::get<0>(first));
      else if (first.index() == 1)
        said = "filled " + std::to_string(std::get<1>(first).quantity);
      else
        said = "neither";
      co_await talk.say(said);
    });
    ada.says("/buy");
  }
  tutti::testing::desk desk;
  tutti::testing::desk_user ada = desk.user("ada");
};

TEST_F(dialogues_any_test, an_answer_in_words_closes_the_form) {
  const auto shown = desk.last_form();
  desk.restarts_the_bot();
  ada.says("7");
  EXPECT_EQ(ada.unheard().back(), "typed 7");
  EXPECT_THAT(ada.unheard(), Contains("This form is over."));
  ada.fills(shown).with("quantity", "9").clicks("Send");
  EXPECT_EQ(ada.unheard().back(), "This form is over.");
}

TEST_F(dialogues_any_test, a_reply_to_the_form_ends_the_question) {
  desk.restarts_the_bot();
  ada.fills(desk.last_form()).with("quantity", "9").clicks("Send");
  EXPECT_EQ(ada.unheard().back(), "filled 9");
  ada.says("7"); // Is no answer any more.
  EXPECT_EQ(ada.unheard().back(), "filled 9");
}

TEST_F(dialogues_any_test, the_time_passes_also_while_the_bot_is_away) {
  desk.passes(9min);
  EXPECT_NE(ada.unheard().back(), "neither");
  desk.restarts_the_bot();
  desk.passes(2min);
  EXPECT_EQ(ada.unheard().back(), "neither");
}

TEST_F(dialogues_any_test, what_does_not_fit_is_said_and_the_form_shown_again) {
  ada.fills(desk.last_form()).with("quantity", "many").clicks("Send");
  EXPECT_THAT(ada.unheard(), Contains(HasSubstr("Please try again.")));
  ada.says("much");
  ada.fills(desk.last_form()).with("quantity", "8").clicks("Send");
  EXPECT_EQ(ada.unheard().back(), "filled 8");
}

TEST_F(dialogues_any_test, too_many_that_do_not_fit_end_it) {
  for (int i = 0; i < 3; ++i)
    ada.says("much");
  EXPECT_EQ(ada.unheard().back(), "/buy has ended: there were too many wrong answers.");
}

TEST_F(dialogues_any_test, is_asked_once_though_the_bot_is_killed_in_the_midst) {
  desk.kills_the_bot_at("/message/create");
  auto ben = desk.user("ben");
  ben.says("/buy");
  desk.passes(1min);
  const auto all = ben.unheard();
  EXPECT_EQ(std::count(all.begin(), all.end(), "How many? Or fill in:"), 1);
  EXPECT_EQ(all.size(), 2U);
  ben.says("3");
  EXPECT_EQ(ben.unheard().back(), "typed 3");
}

} // namespace
