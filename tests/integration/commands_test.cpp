// Commands as people give them, by the desk of the authors' test kit.
#include <tutti/testing/desk.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class commands_test : public ::testing::Test {
public:
  /// Two commands, and a handler for all other messages.
  void declare() {
    desk.bot().on("/quote {ticker:cashtag} {count:int=1}", "Price of an instrument",
                  [](chat& chat, std::string ticker, int count) -> task<> {
                    co_await chat.say(ticker + " x " + std::to_string(count));
                  });
    desk.bot().on("/greet {whom:user}", "Says hello",
                  [](chat& chat, const user_info& whom) -> task<> {
                    co_await chat.say("Hello, " + whom.display_name);
                  });
    desk.bot().on_message(
        [](chat& chat) -> task<> { co_await chat.say("You said: " + chat.text()); });
  }

  /// What the bot answers to that.
  std::vector<std::string> answers(const std::string& text) {
    ada.says(text);
    std::vector<std::string> all;
    while (!ada.unheard().empty())
      all.push_back(ada.hears().text());
    return all;
  }

  tutti::testing::desk desk;
  tutti::testing::desk_user ada = desk.user("ada");
};

TEST_F(commands_test, a_command_is_called_with_typed_values) {
  declare();
  EXPECT_THAT(answers("/quote $VOD 3"), ElementsAre("VOD x 3"));
  EXPECT_THAT(answers("/quote $BT"), ElementsAre("BT x 1"));
  EXPECT_THAT(answers("quote $BT"), ElementsAre("You said: quote $BT"));
}

TEST_F(commands_test, a_mentioned_user_is_an_argument) {
  declare();
  auto room = desk.room("desk", {ada, desk.user("ben")});
  ada.says_in(room, "@my-bot /greet @ben");
  EXPECT_EQ(desk.texts(room).back(), "Hello, ben");
}

TEST_F(commands_test, what_does_not_fit_is_answered_with_the_usage) {
  declare();
  EXPECT_THAT(
      answers("/quote $VOD many"),
      ElementsAre("count: \"many\" is not a whole number.\nUsage: /quote ticker [count=1]"));
  EXPECT_THAT(answers("/quote"), ElementsAre("ticker is missing.\nUsage: /quote ticker [count=1]"));
  EXPECT_THAT(
      answers("/qoute $VOD"),
      ElementsAre("I do not know /qoute. Did you mean /quote? /help shows what I understand."));
}

TEST_F(commands_test, help_shows_all_or_one) {
  declare();
  const auto all = answers("/help");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_THAT(all[0], HasSubstr("/quote ticker [count=1]: Price of an instrument"));
  EXPECT_THAT(all[0], HasSubstr("/greet whom: Says hello"));
  const auto one = answers("/help quote");
  ASSERT_EQ(one.size(), 1U);
  EXPECT_THAT(one[0], HasSubstr("/quote ticker"));
  EXPECT_EQ(one[0].find("/greet"), std::string::npos);
}

TEST_F(commands_test, in_a_room_the_bot_is_mentioned_first) {
  declare();
  auto room = desk.room("desk", {ada});
  ada.says_in(room, "/quote $VOD");
  EXPECT_EQ(desk.texts(room).back(), "You said: /quote $VOD");
  ada.says_in(room, "@my-bot /quote $VOD");
  EXPECT_EQ(desk.texts(room).back(), "VOD x 1");
  ada.says_in(room, "@my-bot, /quote $BT");
  EXPECT_EQ(desk.texts(room).back(), "BT x 1");
  ada.says_in(room, "@my-bot /qoute $VOD");
  EXPECT_THAT(desk.texts(room).back(), HasSubstr("Did you mean /quote?"));
}

TEST_F(commands_test, an_edit_runs_nothing) {
  declare();
  const auto id = ada.says("/quote $VOD");
  ada.edits(id, "/quote $BT");
  EXPECT_THAT(ada.unheard(), ElementsAre("VOD x 1"));
}

TEST_F(commands_test, the_texts_are_the_authors) {
  declare();
  desk.bot().command_texts({.usage = "So geht es: {usage}", .missing = "{name} fehlt."});
  EXPECT_THAT(answers("/quote"), ElementsAre("ticker fehlt.\nSo geht es: /quote ticker [count=1]"));
}

TEST_F(commands_test, middleware_is_around_all_handlers_in_order) {
  std::vector<std::string> seen;
  desk.bot().use([&](chat& chat, auto next) -> task<> {
    seen.push_back("outer " + chat.text());
    co_await next();
    seen.push_back("outer end");
  });
  desk.bot().use([&](chat& chat, auto next) -> task<> {
    seen.push_back("inner");
    if (chat.text() == "/quote $NO") {
      co_await chat.say("Not you.");
      co_return;
    }
    co_await next();
  });
  declare();
  EXPECT_THAT(answers("/quote $VOD"), ElementsAre("VOD x 1"));
  EXPECT_THAT(seen, ElementsAre("outer /quote $VOD", "inner", "outer end"));
  EXPECT_THAT(answers("/quote $NO"), ElementsAre("Not you."));
}

TEST_F(commands_test, filters_combine) {
  using namespace filters;
  desk.bot().on_message(from("ada") && contains("URGENT"),
                        [](chat& chat) -> task<> { co_await chat.say("at once"); });
  desk.bot().on_message(matches(R"(\b[A-Z]{2}[A-Z0-9]{9}\d\b)") && !contains("urgent"),
                        [](chat& chat) -> task<> { co_await chat.say("an ISIN"); });
  desk.bot().on_message(in_room() || tagged("fx"),
                        [](chat& chat) -> task<> { co_await chat.say("for all"); });
  EXPECT_THAT(answers("urgent: call me"), ElementsAre("at once"));
  EXPECT_THAT(answers("see GB0005405286"), ElementsAre("an ISIN"));
  EXPECT_THAT(answers("see GB0005405286, urgent"), ElementsAre("at once"));
  EXPECT_THAT(answers("GB000540528"), IsEmpty());
  EXPECT_THAT(answers("about #fx"), ElementsAre("for all"));
  auto room = desk.room("desk", {ada});
  ada.says_in(room, "hello");
  EXPECT_EQ(desk.texts(room).back(), "for all");
}

TEST_F(commands_test, what_is_wrong_with_declarations_keeps_the_bot_from_starting) {
  config settings;
  settings.hosts.fill({"http", "127.0.0.1", 1, ""});
  settings.bot.username = "my-bot";
  settings.bot.private_key.content = "-";
  bot wrong{settings};
  wrong.on("/a {x:int}", "", [](chat&, std::string) {});
  wrong.on_message(filters::matches("(open"), [](chat&) {});
  auto started = wrong.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().error, errc::misconfigured);
  EXPECT_THAT(started.error().detail, HasSubstr("'/a {x:int}': {x} is of type int"));
  EXPECT_THAT(started.error().detail, HasSubstr("'(open' is no regular expression"));
}

TEST_F(commands_test, a_command_that_is_killed_on_the_way_answers_once) {
  auto calls = 0;
  desk.bot().on("/count", "Counts", [&](chat& chat) -> task<> {
    ++calls;
    co_await chat.say("one");
    if (calls == 1)
      throw std::runtime_error{"later"};
    co_await chat.say("two");
  });
  ada.says("/count");
  desk.passes(10s);
  EXPECT_THAT(ada.unheard(), ElementsAre("one", "two"));
}

TEST_F(commands_test, a_middleware_that_calls_the_rest_twice_says_nothing_twice) {
  desk.bot().use([](chat&, auto next) -> task<> {
    co_await next();
    co_await next();
  });
  declare();
  ada.says("/quote $VOD");
  desk.passes(1min);
  EXPECT_THAT(ada.unheard(), ElementsAre("VOD x 1")); // And the event is given up.
}

TEST_F(commands_test, many_commands_are_shown_in_several_messages) {
  for (int i = 0; i < 250; ++i)
    desk.bot().on("/c" + std::to_string(i), std::string(400, 'h'), [](chat&) {});
  const auto all = answers("/help");
  ASSERT_EQ(all.size(), 3U);
  EXPECT_THAT(all[2], HasSubstr("/c249"));
}

TEST_F(commands_test, a_huge_word_is_answered_in_short) {
  declare();
  const auto all = answers("/quote $VOD " + std::string(50'000, '<'));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_LT(all[0].size(), 300U);
}

TEST_F(commands_test, a_bot_of_the_datahose_takes_no_commands) {
  config settings;
  settings.hosts.fill({"http", "127.0.0.1", 1, ""});
  settings.bot.username = "my-bot";
  settings.bot.private_key.content = "-";
  settings.datafeed.version = event_source::datahose;
  settings.datahose.event_types = {"MESSAGESENT"};
  bot wrong{settings};
  wrong.on("/a", "", [](chat&) {});
  auto started = wrong.start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().detail, HasSubstr("declare those in a bot with a feed of its own"));
}

TEST_F(commands_test, a_desk_hears_for_days) {
  declare();
  desk.passes(50h);
  EXPECT_THAT(answers("/quote $VOD"), ElementsAre("VOD x 1"));
}

} // namespace
