// Dialogues that code begins, and the manifest, at a desk.
#include <tutti/dialogue.hpp>
#include <tutti/protocol/users.hpp>
#include <tutti/testing/desk.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class dialogues_by_code_test : public ::testing::Test {
public:
  /// Asks who writes for the first time for a name.
  void greets() {
    desk.bot().on_dialogue(
        "welcome", [](dialogue& talk, int how_often, std::string where) -> task<> {
          const auto name = co_await talk.ask<std::string>("What shall I call you?");
          co_await talk.say("Hello " + name + ", " + where + " " + std::to_string(how_often));
        });
    desk.bot().on("/quote", "Price", [](chat& chat) -> task<> { co_await chat.say("12"); });
    desk.bot().on_message([this](chat& chat) -> task<> {
      begun = co_await chat.begin("welcome", 3, "desk");
      if (!begun)
        co_await chat.say("busy");
    });
  }
  tutti::testing::desk desk;
  tutti::testing::desk_user ada = desk.user("ada");
  bool begun = false;
};

TEST_F(dialogues_by_code_test, begins_and_goes_on_after_a_restart) {
  greets();
  ada.says("hi");
  EXPECT_EQ(ada.hears().text(), "What shall I call you?");
  desk.restarts_the_bot();
  ada.says("Ada");
  EXPECT_EQ(ada.hears().text(), "Hello Ada, desk 3");
  EXPECT_TRUE(begun);
}

TEST_F(dialogues_by_code_test, is_begun_once_though_its_event_comes_again) {
  greets();
  desk.kills_the_bot_at("/message/create");
  ada.says("hi");
  desk.passes(1min);
  EXPECT_THAT(ada.unheard(), ElementsAre("What shall I call you?"));
}

TEST_F(dialogues_by_code_test, no_message_calls_it) {
  greets();
  desk.bot().on("/help me", "", [](chat&) {});
  ada.says("welcome");
  EXPECT_EQ(ada.hears().text(), "What shall I call you?"); // Of the handler.
  ada.says("/help");
  EXPECT_THAT(ada.hears().text(), ::testing::Not(HasSubstr("welcome")));
}

TEST_F(dialogues_by_code_test, another_one_that_is_open_stays) {
  desk.bot().on_dialogue("one", [](dialogue& talk) -> task<> {
    co_await talk.say("Got " + co_await talk.ask<std::string>("one?"));
  });
  desk.bot().on("/other", "", [](chat& chat) -> task<> {
    const auto begun = co_await chat.begin("one");
    const std::string said = begun ? "begun" : "busy";
    co_await chat.say(said);
  });
  ada.says("/other");
  ada.says("/other");
  ada.says("1");
  EXPECT_THAT(ada.unheard(), ElementsAre("one?", "begun", "busy", "Got 1"));
}

TEST_F(dialogues_by_code_test, what_does_not_fit_is_named) {
  std::vector<std::string> why;
  desk.bot().on_dialogue("two", [](dialogue&, int, std::string) -> task<> { co_return; });
  desk.bot().on_message([&why](chat& chat) -> task<> {
    for (int i = 0; i < 3; ++i)
      try {
        if (i == 0)
          co_await chat.begin("three");
        else if (i == 1)
          co_await chat.begin("two", 1);
        else
          co_await chat.begin("two", "1", "x");
      } catch (const std::logic_error& wrong) {
        why.push_back(wrong.what());
      }
  });
  ada.says("hi");
  EXPECT_THAT(why, ElementsAre(HasSubstr("\"three\""),
                               AllOf(HasSubstr("\"two\""), HasSubstr("2 arguments")),
                               AllOf(HasSubstr("argument 1"), HasSubstr("integer"))));
}

TEST(manifest_test, is_published_once_when_it_is_asked_for) {
  tutti::config settings;
  settings.commands.manifest = true;
  tutti::testing::desk desk{std::move(settings)};
  desk.bot().on("/quote {ticker:cashtag}", "Price of it",
                [](chat& chat, std::string) -> task<> { co_await chat.say("12"); });
  desk.bot().on_message([](chat& chat) -> task<> {
    const get_manifest question;
    const auto found = co_await chat.bot().ask(question);
    const auto text = found ? found->text : to_string(found.error());
    co_await chat.say(text);
  });
  auto ada = desk.user("ada");
  ada.says("what is published?");
  EXPECT_THAT(ada.hears().text(), HasSubstr(R"({"name":"quote","desc":"Price of it")"));
}

} // namespace
