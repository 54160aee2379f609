// The authors' test kit for bots that hear, by itself.
#include <tutti/form.hpp>
#include <tutti/testing/desk.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class desk_test : public ::testing::Test {
public:
  /// Says again what it hears.
  void echo() {
    desk.bot().on_message([this](chat& chat) -> task<> {
      ++calls;
      co_await chat.say("You said: " + chat.text());
    });
  }

  tutti::testing::desk desk;
  int calls = 0;
};

TEST_F(desk_test, a_person_hears_the_answer) {
  echo();
  auto ada = desk.user("ada");
  ada.says("hello");
  EXPECT_EQ(ada.hears().text(), "You said: hello");
  EXPECT_THAT(ada.unheard(), IsEmpty());
}

TEST_F(desk_test, answers_come_in_order_and_to_whom_they_are_meant_for) {
  echo();
  auto ada = desk.user("ada");
  auto ben = desk.user("ben");
  ada.says("one");
  ben.says("two");
  ada.says("three");
  EXPECT_THAT(ada.unheard(), ElementsAre("You said: one", "You said: three"));
  EXPECT_THAT(ben.unheard(), ElementsAre("You said: two"));
}

TEST_F(desk_test, an_edit_is_no_message) {
  echo();
  desk.bot().on_edited([](chat& chat) -> task<> { co_await chat.say("Now: " + chat.text()); });
  auto ada = desk.user("ada");
  auto id = ada.says("helo");
  ada.edits(id, "hello");
  EXPECT_THAT(ada.unheard(), ElementsAre("You said: helo", "Now: hello"));
}

TEST_F(desk_test, rooms_are_made_joined_and_left) {
  std::vector<std::string> seen;
  for (auto kind : {event_kind::user_joined_room, event_kind::user_left_room})
    desk.bot().on(kind, [&seen](chat& chat) {
      seen.push_back(chat.event().type + " " + chat.event().affected.at(0).display_name);
    });
  echo();
  auto ada = desk.user("ada");
  auto ben = desk.user("ben");
  auto room = desk.room("desk", {ada});
  seen.clear(); // The bot's own joining.
  ben.joins(room);
  ben.says_in(room, "hello");
  ben.leaves(room);
  EXPECT_THAT(seen, ElementsAre("USERJOINEDROOM ben", "USERLEFTROOM ben"));
  EXPECT_THAT(desk.texts(room), ElementsAre("hello", "You said: hello"));
  EXPECT_EQ(ada.hears().text(), "You said: hello");
}

TEST_F(desk_test, a_file_is_read) {
  desk.bot().on_message([](chat& chat) -> task<> {
    auto file = chat.message().attachments().at(0);
    co_await chat.say(file.name + ": " + co_await chat.read(file));
  });
  auto ada = desk.user("ada");
  ada.attaches("a.txt", "content");
  EXPECT_EQ(ada.hears().text(), "a.txt: content");
}

TEST_F(desk_test, a_form_is_filled_in) {
  using namespace messageml;
  desk.bot().on_message([](chat& chat) -> task<> {
    co_await chat.say(
        messageml::message{}.form("order", text_field("quantity"), action("send", "Send")));
  });
  desk.bot().on(event_kind::form_replied, [](chat& chat) -> task<> {
    const auto& form = chat.event().form;
    co_await chat.say(form.form_id + " " + form.action + " " + std::string{form.value("quantity")});
  });
  auto ada = desk.user("ada");
  ada.says("/order");
  ada.hears();
  ada.fills(desk.last_form()).with("quantity", "5").clicks("send");
  EXPECT_EQ(ada.hears().text(), "order send 5");
}

TEST_F(desk_test, time_passes_when_the_test_says_so) {
  desk.bot().on_message([](chat& chat) -> task<> {
    (void)co_await chat.bot().after(1h);
    co_await chat.say("an hour later");
  });
  auto ada = desk.user("ada");
  ada.says("wait");
  desk.passes(59min);
  EXPECT_THAT(ada.unheard(), IsEmpty());
  desk.passes(2min);
  EXPECT_THAT(ada.unheard(), ElementsAre("an hour later"));
}

TEST_F(desk_test, who_hears_nothing_is_told_why) {
  desk.bot().on_message([](chat&) -> task<> {
    throw std::runtime_error{"no idea"};
    co_return;
  });
  auto ada = desk.user("ada");
  ada.says("hello");
  try {
    ada.hears();
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no idea"));
  }
}

TEST_F(desk_test, an_answer_that_is_lost_is_said_once) {
  echo();
  desk.loses_answers("/message/create");
  auto ada = desk.user("ada");
  ada.says("hello");
  EXPECT_EQ(ada.hears().text(), "You said: hello");
  desk.passes(1min);
  EXPECT_THAT(ada.unheard(), IsEmpty());
}

TEST_F(desk_test, a_bot_that_is_killed_in_a_handler_answers_once) {
  bool slow = true;
  desk.bot().on_message([&](chat& chat) -> task<> {
    ++calls;
    co_await chat.say("first " + chat.text());
    if (slow)
      (void)co_await chat.bot().after(1h);
    co_await chat.say("then " + chat.text());
  });
  auto ada = desk.user("ada");
  ada.says("hello");
  slow = false;
  desk.restarts_the_bot();
  desk.passes(1min);
  EXPECT_EQ(calls, 2);
  EXPECT_THAT(ada.unheard(), ElementsAre("first hello", "then hello"));
}

TEST_F(desk_test, what_a_lost_feed_held_is_caught_up) {
  bool caught_up = false;
  desk.bot().on_message([&](chat& chat) -> task<> {
    caught_up = chat.event().marks.caught_up;
    co_await chat.say("You said: " + chat.text());
  });
  auto ada = desk.user("ada");
  ada.says("one");
  desk.loses_the_feed();
  ada.says("two"); // Goes with it.
  EXPECT_EQ(ada.hears().text(), "You said: one");
  EXPECT_EQ(ada.hears().text(), "You said: two");
  EXPECT_TRUE(caught_up);
}

TEST_F(desk_test, an_agent_that_is_away_for_a_while_loses_nothing) {
  echo();
  auto ada = desk.user("ada");
  ada.says("one");
  desk.refuses("/agent/", 503, 40);
  ada.says("two");
  desk.passes(5min);
  EXPECT_THAT(ada.unheard(), ElementsAre("You said: one", "You said: two"));
}

// -- conversations as actors --------------------------------------------------------------

/// Counts what it hears in its stream.
class counting final : public conversation {
public:
  using conversation::conversation;
  void on_message(const message& heard) override {
    say(std::to_string(++count_) + " " + heard.text());
    if (heard.text() == "throw")
      throw std::runtime_error{"as asked"};
  }

private:
  int count_ = 0;
};

TEST_F(desk_test, each_stream_has_an_actor_that_remembers) {
  desk.bot().listen<counting>();
  auto ada = desk.user("ada");
  auto ben = desk.user("ben");
  for (const auto* text : {"a", "b"}) {
    ada.says(text);
    ben.says(text);
  }
  EXPECT_THAT(ada.unheard(), ElementsAre("1 a", "2 b"));
  EXPECT_THAT(ben.unheard(), ElementsAre("1 a", "2 b"));
}

struct wish {
  int count = 1;
};
BOOST_DESCRIBE_STRUCT(wish, (), (count))

/// Shows a form, and hears what else happens.
class attentive final : public conversation {
public:
  using conversation::conversation;
  void on_message(const message&) override {
    messageml::message shown;
    shown.add(form_.content());
    say(shown);
  }
  void on_event(const event& what) override {
    if (what.kind == event_kind::form_replied) {
      const auto read = form_.read(what.form);
      if (const auto* wrong = std::get_if<std::string>(&read))
        say(*wrong);
      else
        say("filled " + std::to_string(std::get<0>(read).count));
    } else if (what.is_edit()) {
      say("edited: " + what.message.text());
    }
  }

private:
  const form<wish> form_{"wish"};
};

TEST_F(desk_test, a_conversation_hears_what_else_happens_in_its_stream) {
  desk.bot().listen_to_all<attentive>();
  auto ada = desk.user("ada");
  const auto id = ada.says("show it");
  ada.fills(desk.last_form()).with("count", "many").clicks("send");
  ada.fills(desk.last_form()).with("count", "3").clicks("send");
  ada.edits(id, "show it again");
  auto all = ada.unheard();
  EXPECT_THAT(
      std::vector<std::string>(all.begin() + 1, all.end()),
      ElementsAre("Count: \"many\" is not a whole number.", "filled 3", "edited: show it again"));
}

TEST_F(desk_test, a_conversation_that_is_idle_ends) {
  desk.bot().listen<counting>();
  auto ada = desk.user("ada");
  ada.says("a");
  desk.passes(11min);
  desk.user("ben").says("b"); // Looks who is idle.
  ada.says("c");
  EXPECT_THAT(ada.unheard(), ElementsAre("1 a", "1 c"));
}

TEST_F(desk_test, a_conversation_that_throws_hears_the_message_again_and_says_nothing_twice) {
  desk.bot().listen<counting>();
  std::vector<std::string> given_up;
  desk.bot().on_given_up([&](const event& what, const failure& why) {
    given_up.push_back(what.message.text() + why.detail);
  });
  auto ada = desk.user("ada");
  ada.says("throw");
  desk.passes(1min);
  EXPECT_THAT(ada.unheard(), ElementsAre("1 throw"));
  EXPECT_THAT(given_up, ElementsAre("throwas asked"));
}

TEST_F(desk_test, two_handlers_of_a_message_each_say_their_own_though_answers_are_lost) {
  echo();
  desk.bot().listen<counting>();
  desk.loses_answers("/message/create", 2);
  auto ada = desk.user("ada");
  ada.says("a");
  desk.passes(1min);
  EXPECT_THAT(ada.unheard(), ::testing::UnorderedElementsAre("You said: a", "1 a"));
}

/// Says good-bye and ends.
class leaving final : public conversation {
public:
  using conversation::conversation;
  void on_message(const message& heard) override {
    say("bye " + heard.text());
    close();
  }
};

TEST_F(desk_test, a_conversation_that_closes_itself_has_said_what_it_said) {
  desk.bot().listen<leaving>();
  auto ada = desk.user("ada");
  ada.says("one");
  ada.says("two");
  desk.passes(1min);
  EXPECT_THAT(ada.unheard(), ElementsAre("bye one", "bye two"));
}

/// Ends in the middle.
class quitting final : public conversation {
public:
  using conversation::conversation;
  void on_message(const message& heard) override {
    say("hm " + heard.text());
    quit();
  }
};

TEST_F(desk_test, a_conversation_that_ends_in_the_middle_is_given_up_after_some_attempts) {
  int given_up = 0;
  desk.bot().listen<quitting>();
  desk.bot().on_given_up([&](const event&, const failure&) { ++given_up; });
  auto ada = desk.user("ada");
  ada.says("one");
  desk.passes(1min);
  EXPECT_EQ(given_up, 1);
  EXPECT_THAT(ada.unheard(), ElementsAre("hm one"));
}

TEST_F(desk_test, a_stream_whose_history_cannot_be_read_does_not_keep_the_others_waiting) {
  echo();
  auto ada = desk.user("ada");
  ada.says("one");
  desk.loses_the_feed();
  desk.refuses("/agent/v4/stream/", 404, 1'000);
  ada.says("two");
  desk.passes(10s); // The new feed is read all the same.
  EXPECT_EQ(desk.bot().metrics().hearing.feeds_lost, 1U);
  EXPECT_GT(desk.bot().health().feed->last_read, desk.bot().health().feed->missing_since);
}

} // namespace
