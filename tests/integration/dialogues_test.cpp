// What people and dialogues say to each other.
#include <tests/support/dialogues_fixture.hpp>

#include <tutti/state.hpp>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class dialogues_test : public tutti::testing::dialogues_fixture {};

TEST_F(dialogues_test, asks_one_thing_after_the_other) {
  order();
  EXPECT_EQ(says("/order"), "Which instrument?");
  EXPECT_EQ(says("$VOD"), "How many?");
  EXPECT_EQ(says("3"), "Buy 3 VOD?");
  EXPECT_EQ(says("yes"), "Order 1 is placed.");
  EXPECT_EQ(booked, 1);
  desk.passes(48h);
  EXPECT_THAT(ada.unheard(), IsEmpty());
}

TEST_F(dialogues_test, goes_on_after_each_restart) {
  order();
  EXPECT_EQ(says("/order"), "Which instrument?");
  desk.restarts_the_bot();
  EXPECT_EQ(says("$VOD"), "How many?");
  desk.restarts_the_bot();
  EXPECT_EQ(says("3"), "Buy 3 VOD?");
  desk.restarts_the_bot();
  EXPECT_EQ(says("yes"), "Order 1 is placed.");
  desk.restarts_the_bot();
  EXPECT_EQ(booked, 1);
  EXPECT_THAT(ada.unheard(), IsEmpty());
}

TEST_F(dialogues_test, an_answer_that_does_not_fit_is_said_and_asked_again) {
  order();
  says("/order");
  EXPECT_THAT(says("VOD"), HasSubstr("no cashtag"));
  EXPECT_EQ(says("$VOD"), "How many?");
  EXPECT_EQ(says("many"), "\"many\" is not a whole number. Please try again.");
  desk.restarts_the_bot();
  EXPECT_THAT(says("few"), HasSubstr("not a whole number"));
  EXPECT_EQ(says("lots"), "/order has ended: there were too many wrong answers.");
  desk.passes(48h);
  EXPECT_THAT(ada.unheard(), IsEmpty());
}

TEST_F(dialogues_test, that_gets_no_answer_ends_at_its_time) {
  order({10min, 3});
  says("/order");
  desk.passes(9min);
  says("$VOD");
  desk.passes(9min);
  desk.restarts_the_bot();
  EXPECT_THAT(ada.unheard(), IsEmpty());
  desk.passes(2min);
  EXPECT_THAT(ada.unheard(), ElementsAre("/order has ended: there was no answer in time."));
}

TEST_F(dialogues_test, can_be_cancelled) {
  order();
  says("/order");
  EXPECT_EQ(says("/cancel"), "/order was cancelled.");
  EXPECT_EQ(says("/order"), "Which instrument?");
  desk.passes(25h);
  EXPECT_THAT(ada.unheard(), ElementsAre("/order has ended: there was no answer in time."));
}

TEST_F(dialogues_test, a_command_beside_it_is_a_command) {
  order();
  desk.bot().on("/time", "The time", [](chat& chat) -> task<> { co_await chat.say("noon"); });
  says("/order");
  EXPECT_EQ(says("/time"), "noon");
  EXPECT_EQ(says("/order"), "/order is not finished; answer it, or write /cancel.");
  EXPECT_EQ(says("$VOD"), "How many?");
}

TEST_F(dialogues_test, of_two_people_in_a_room_are_two) {
  order();
  auto ben = desk.user("ben");
  auto room = desk.room("desk", {ada, ben});
  auto bot = "@my-bot";
  ada.says_in(room, std::string{bot} + " /order");
  ben.says_in(room, std::string{bot} + " /order");
  ada.says_in(room, "$VOD");
  ben.says_in(room, "$BP");
  ben.says_in(room, "7");
  ada.says_in(room, "3");
  EXPECT_THAT(desk.texts(room), ElementsAre("@my-bot /order", "Which instrument?", "@my-bot /order",
                                            "Which instrument?", "$VOD", "How many?", "$BP",
                                            "How many?", "7", "Buy 7 BP?", "3", "Buy 3 VOD?"));
}

TEST_F(dialogues_test, of_who_leaves_the_room_has_ended) {
  order();
  auto ben = desk.user("ben");
  auto room = desk.room("desk", {ben, ada});
  ada.says_in(room, "@my-bot /order");
  ada.leaves(room);
  desk.passes(48h);
  EXPECT_THAT(desk.texts(room), ElementsAre("@my-bot /order", "Which instrument?"));
}

TEST_F(dialogues_test, an_edit_answers_nothing) {
  order();
  says("/order");
  ada.says("$VOD");
  ada.hears();
  auto id = ada.says("nothing");
  ada.hears();
  ada.edits(id, "3");
  EXPECT_THAT(ada.unheard(), IsEmpty());
}

TEST_F(dialogues_test, waits_for_its_time) {
  desk.bot().on("/tea", "Makes tea", [](dialogue& talk) -> task<> {
    const auto begun = co_await talk.now();
    co_await talk.say("It takes a while.");
    co_await talk.wait(5min);
    const auto ready = co_await talk.now();
    const auto took = std::chrono::round<std::chrono::minutes>(ready - begun);
    co_await talk.say("Ready after " + std::to_string(took.count()) + " minutes.");
  });
  EXPECT_EQ(says("/tea"), "It takes a while.");
  ada.says("and?"); // No answer.
  desk.passes(2min);
  desk.restarts_the_bot();
  desk.passes(2min);
  EXPECT_THAT(ada.unheard(), IsEmpty());
  desk.passes(2min);
  EXPECT_THAT(ada.unheard(), ElementsAre("Ready after 5 minutes."));
}

TEST_F(dialogues_test, offers_a_choice) {
  desk.bot().on("/side", "Asks", [](dialogue& talk) -> task<> {
    auto side = co_await talk.choose("Which side?", choices("Buy", "Sell"));
    co_await talk.say("You " + side);
  });
  EXPECT_THAT(says("/side"), HasSubstr("Sell"));
  EXPECT_THAT(says("hold"), HasSubstr("\"hold\" is none of: Buy, Sell."));
  EXPECT_EQ(says("2"), "You Sell");
  says("/side");
  EXPECT_EQ(says("buy"), "You Buy");
}

TEST_F(dialogues_test, takes_the_arguments_of_its_command) {
  desk.bot().on("/buy {count:int} {who:user?}", "Buys",
                [](dialogue& talk, int count, std::optional<user_info> who) -> task<> {
                  const auto ticker = co_await talk.ask<cashtag>("What?");
                  const auto whom = who ? who->display_name : "nobody";
                  co_await talk.say(std::to_string(count) + " " + ticker + " for " + whom);
                });
  EXPECT_EQ(says("/buy 3 @my-bot"), "What?");
  desk.restarts_the_bot();
  EXPECT_EQ(says("$VOD"), "3 VOD for my-bot");
}

TEST_F(dialogues_test, of_the_whole_stream_hears_everybody) {
  desk.bot().on("/poll", "Asks all",
                [](dialogue& talk) -> task<> {
                  const auto one = co_await talk.ask<std::string>("Lunch?");
                  const auto two = co_await talk.ask<std::string>("And the others?");
                  co_await talk.say(one + ", " + two);
                },
                {.whole_stream = true});
  auto ben = desk.user("ben");
  auto room = desk.room("desk", {ada, ben});
  ada.says_in(room, "@my-bot /poll");
  ben.says_in(room, "pizza");
  ada.says_in(room, "soup today");
  EXPECT_EQ(desk.texts(room).back(), "pizza, soup today");
}

TEST_F(dialogues_test, in_a_room_hears_what_is_a_command_elsewhere) {
  desk.bot().on("status", "Status", [](chat& chat) -> task<> { co_await chat.say("fine"); });
  desk.bot().on("/ask", "Asks", [](dialogue& talk) -> task<> {
    const auto what = co_await talk.ask<std::string>("What?");
    co_await talk.say("It is " + what);
  });
  auto room = desk.room("desk", {ada});
  ada.says_in(room, "@my-bot /ask");
  ada.says_in(room, "status");
  EXPECT_EQ(desk.texts(room).back(), "It is status");
  ada.says_in(room, "@my-bot /ask");
  ada.says_in(room, "@my-bot, /cancel");
  EXPECT_EQ(desk.texts(room).back(), "/ask was cancelled.");
}

TEST_F(dialogues_test, keeps_apart_from_the_state_of_handlers) {
  order();
  desk.bot().on_message([](chat& chat) -> task<> {
    auto count = co_await chat.state<int>("dialogue", state_scope::user_in_stream);
    ++*count;
  });
  ada.says("hello");
  EXPECT_EQ(says("/order"), "Which instrument?");
  EXPECT_EQ(says("$VOD"), "How many?");
}

TEST_F(dialogues_test, knows_its_stream_when_a_time_has_passed) {
  desk.bot().on("/tea", "Makes tea", [](dialogue& talk) -> task<> {
    co_await talk.wait(5min);
    co_await talk.say(talk.stream().type == stream_type::im ? "in an IM" : "elsewhere");
  });
  ada.says("/tea");
  desk.passes(6min);
  EXPECT_THAT(ada.unheard(), ElementsAre("in an IM"));
}

TEST_F(dialogues_test, consent_is_one_word) {
  order();
  says("/order");
  says("$VOD");
  says("3");
  EXPECT_THAT(says("yes but not today"), HasSubstr("Please try again."));
  EXPECT_EQ(says("YES"), "Order 1 is placed.");
}

TEST_F(dialogues_test, help_shows_how_to_cancel) {
  order();
  EXPECT_THAT(says("/help"), HasSubstr("/cancel"));
}

} // namespace
