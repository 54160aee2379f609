// State and reminders of handlers, at a desk.
#include <tutti/state.hpp>
#include <tutti/testing/desk.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct basket {
  std::vector<std::string> items;
};
BOOST_DESCRIBE_STRUCT(basket, (), (items))

class state_of_a_bot_test : public ::testing::Test {
public:
  /// Says how many messages it has heard.
  void counts(state_scope of) {
    desk.bot().on_message([of](chat& chat) -> task<> {
      auto count = co_await chat.state<int>("count", of);
      ++*count;
      co_await chat.say(std::to_string(*count));
    });
  }
  tutti::testing::desk desk;
};

TEST_F(state_of_a_bot_test, is_there_for_the_next_event_and_the_next_process) {
  counts(state_scope::stream);
  auto ada = desk.user("ada");
  ada.says("one");
  ada.says("two");
  desk.restarts_the_bot();
  ada.says("three");
  EXPECT_THAT(ada.unheard(), ElementsAre("1", "2", "3"));
}

TEST_F(state_of_a_bot_test, is_of_a_stream_a_user_or_both) {
  for (const auto of : {state_scope::stream, state_scope::user, state_scope::user_in_stream}) {
    tutti::testing::desk fresh;
    fresh.bot().on_message([of](chat& chat) -> task<> {
      auto count = co_await chat.state<int>("count", of);
      ++*count;
      co_await chat.say(std::to_string(*count));
    });
    auto ada = fresh.user("ada");
    auto ben = fresh.user("ben");
    auto room = fresh.room("desk", {ada, ben});
    ada.says_in(room, "one");
    ben.says_in(room, "two");
    fresh.passes(1s);
    ada.says("three");
    auto texts = fresh.texts(room);
    EXPECT_THAT(texts, ElementsAre("one", "1", "two", of == state_scope::stream ? "2" : "1"));
    EXPECT_THAT(ada.unheard(),
                UnorderedElementsAre("1", "1", of == state_scope::user_in_stream ? "1" : "2"));
  }
}

TEST_F(state_of_a_bot_test, of_a_handler_that_fails_is_as_before) {
  auto fails = 1;
  desk.bot().on_message([&](chat& chat) -> task<> {
    auto all = co_await chat.state<basket>("basket");
    all->items.push_back(chat.text());
    if (fails-- > 0)
      throw std::runtime_error{"once"};
    co_await chat.say(std::to_string(all->items.size()));
  });
  auto ada = desk.user("ada");
  ada.says("tea");
  EXPECT_EQ(ada.hears().text(), "1");
}

TEST_F(state_of_a_bot_test, that_is_forgotten_is_new) {
  desk.bot().on_message([&](chat& chat) -> task<> {
    auto all = co_await chat.state<basket>("basket");
    const auto known = all.known();
    all->items.push_back(chat.text());
    if (chat.text() == "forget")
      all.forget();
    co_await chat.say(known ? "known" : "new");
  });
  auto ada = desk.user("ada");
  for (const auto* each : {"tea", "forget", "milk"})
    ada.says(each);
  EXPECT_THAT(ada.unheard(), ElementsAre("new", "known", "new"));
}

TEST_F(state_of_a_bot_test, that_is_asked_for_twice_is_one) {
  desk.bot().on_message([&](chat& chat) -> task<> {
    auto one = co_await chat.state<int>("count");
    auto two = co_await chat.state<int>("count");
    *one = 5;
    co_await chat.say(std::to_string(*two));
  });
  auto ada = desk.user("ada");
  ada.says("hello");
  EXPECT_EQ(ada.hears().text(), "5");
}

TEST_F(state_of_a_bot_test, of_a_user_is_changed_by_one_handler_at_a_time) {
  desk.bot().on_message([](chat& chat) -> task<> {
    auto count = co_await chat.state<int>("count", state_scope::user);
    const auto before = *count;
    co_await chat.bot().after(10s);
    *count = before + 1;
    co_await chat.say(std::to_string(*count));
  });
  auto ada = desk.user("ada");
  auto room = desk.room("desk", {ada});
  ada.says_in(room, "one");
  ada.says("two");
  desk.passes(1min);
  EXPECT_THAT(ada.unheard(), ElementsAre("1", "2"));
}

TEST_F(state_of_a_bot_test, that_is_too_large_is_refused_by_name) {
  std::string why;
  desk.bot().on_given_up([&](const event&, const failure& reason) { why = reason.detail; });
  desk.bot().on_message([](chat& chat) -> task<> {
    auto all = co_await chat.state<basket>("basket");
    all->items.emplace_back(300'000, 'x');
  });
  desk.user("ada").says("hello");
  desk.passes(1min);
  EXPECT_THAT(why, HasSubstr("state 'basket': it has 300"));
}

struct old_profile {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(old_profile, (), (name))

struct profile {
  std::string first;
  static constexpr int state_version = 2;
  static void migrate(json_value& stored, int version) {
    auto& all = std::get<json_value::object>(stored.what);
    if (version < 2)
      all["first"] = all["name"];
  }
};
BOOST_DESCRIBE_STRUCT(profile, (), (first))

TEST_F(state_of_a_bot_test, that_an_older_program_has_kept_is_migrated) {
  desk.bot().on_message(filters::contains("old"), [](chat& chat) -> task<> {
    auto all = co_await chat.state<old_profile>("profile");
    all->name = "Ada";
  });
  desk.bot().on_message(filters::contains("new"), [](chat& chat) -> task<> {
    auto all = co_await chat.state<profile>("profile");
    co_await chat.say(all->first);
  });
  auto ada = desk.user("ada");
  ada.says("old");
  ada.says("new");
  EXPECT_EQ(ada.hears().text(), "Ada");
}

class reminders_test : public ::testing::Test {
public:
  reminders_test() {
    desk.bot().on_message([this](chat& chat) -> task<> {
      if (chat.text() == "forget")
        chat.forget_reminder(id);
      else
        id = chat.remind(1h, chat.text());
      co_return;
    });
  }
  tutti::testing::desk desk;
  std::string id;
};

TEST_F(reminders_test, are_said_once_at_their_time) {
  auto ada = desk.user("ada");
  ada.says("tea");
  desk.passes(59min);
  EXPECT_THAT(ada.unheard(), IsEmpty());
  desk.passes(2min);
  EXPECT_THAT(ada.unheard(), ElementsAre("tea"));
  desk.restarts_the_bot();
  desk.passes(2h);
  EXPECT_THAT(ada.unheard(), ElementsAre("tea"));
}

TEST_F(reminders_test, survive_the_process) {
  auto ada = desk.user("ada");
  ada.says("tea");
  desk.restarts_the_bot();
  desk.passes(61min);
  EXPECT_THAT(ada.unheard(), ElementsAre("tea"));
}

TEST_F(reminders_test, whose_answer_is_lost_are_said_once) {
  auto ada = desk.user("ada");
  ada.says("tea");
  desk.passes(59min);
  desk.loses_answers("/message/create");
  desk.passes(5min);
  desk.restarts_the_bot();
  desk.passes(5min);
  EXPECT_THAT(ada.unheard(), ElementsAre("tea"));
}

TEST_F(reminders_test, are_taken_back) {
  auto ada = desk.user("ada");
  ada.says("tea");
  ada.says("forget");
  desk.passes(2h);
  EXPECT_THAT(ada.unheard(), IsEmpty());
}

} // namespace
