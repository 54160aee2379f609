// Dialogues whose bot is killed or replaced, whose works fail, whose messages are lost.
#include <tests/support/dialogues_fixture.hpp>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class dialogues_in_trouble_test : public tutti::testing::dialogues_fixture {};

TEST_F(dialogues_in_trouble_test, a_work_whose_process_ends_is_not_done_twice) {
  auto ends = true;
  desk.bot().on("/book", "Books", [&](dialogue& talk) -> task<> {
    co_await talk.once("book", [&]() -> task<> {
      ++booked;
      if (ends)
        co_await talk.bot().after(1h);
    });
    co_await talk.say("Booked.");
  });
  ada.says("/book");
  EXPECT_EQ(booked, 1);
  ends = false;
  desk.restarts_the_bot();
  EXPECT_THAT(ada.hears().text(), HasSubstr("/book was interrupted"));
  EXPECT_EQ(booked, 1);
}

TEST_F(dialogues_in_trouble_test, a_work_that_may_be_repeated_is_done_again_with_the_same_key) {
  std::vector<std::string> keys;
  desk.bot().on("/book", "Books", [&](dialogue& talk) -> task<> {
    co_await talk.once("book",
                       [&](const std::string& key) -> task<> {
                         keys.push_back(key);
                         if (keys.size() == 1)
                           co_await talk.bot().after(1h);
                       },
                       {.repeatable = true});
    co_await talk.say("Booked.");
  });
  ada.says("/book");
  desk.restarts_the_bot();
  EXPECT_EQ(ada.hears().text(), "Booked.");
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0], keys[1]);
}

TEST_F(dialogues_in_trouble_test, a_work_that_throws_is_done_again) {
  desk.bot().on("/book", "Books", [&](dialogue& talk) -> task<> {
    const auto number = co_await talk.once("book", [&] {
      if (++booked < 2)
        throw std::runtime_error{"the desk is closed"};
      return booked;
    });
    co_await talk.say("Booked as " + std::to_string(number));
  });
  EXPECT_EQ(says("/book"), "Booked as 2");
}

TEST_F(dialogues_in_trouble_test, whose_steps_have_changed_ends_with_a_message) {
  auto version = 1;
  desk.bot().on("/order", "Orders", [&](dialogue& talk) -> task<> {
    if (version == 1)
      co_await talk.say("Hello.");
    const auto count = co_await talk.ask<int>("How many?");
    co_await talk.say(std::to_string(count));
  });
  ada.says("/order");
  EXPECT_THAT(ada.unheard(), ElementsAre("Hello.", "How many?"));
  ada.hears();
  ada.hears();
  version = 2;
  desk.restarts_the_bot();
  EXPECT_EQ(says("3"), "/order cannot go on: the bot has changed meanwhile. Please begin again.");
  EXPECT_EQ(says("/order"), "How many?");
}

TEST_F(dialogues_in_trouble_test, whose_author_wants_to_know_of_a_change_is_asked) {
  auto version = 1;
  desk.bot().on("/order", "Orders",
                [&](dialogue& talk) -> task<> {
                  if (version == 1)
                    co_await talk.ask<int>("How many?");
                  else
                    co_await talk.ask<std::string>("What?");
                },
                {.on_changed = [](chat& chat) -> task<> { co_await chat.say("Sorry."); }});
  says("/order");
  version = 2;
  EXPECT_EQ(says("3"), "Sorry.");
}

TEST_F(dialogues_in_trouble_test, an_answer_that_is_lost_on_the_way_is_not_asked_for_twice) {
  order();
  desk.runs();
  desk.loses_answers("/message/create");
  ada.says("/order");
  desk.passes(1min);
  desk.restarts_the_bot();
  desk.passes(1min);
  EXPECT_THAT(ada.unheard(), ElementsAre("Which instrument?"));
}

TEST_F(dialogues_in_trouble_test,
       a_question_after_a_result_of_chance_is_asked_though_the_bot_is_killed) {
  for (const auto carried_out : {false, true}) {
    tutti::testing::desk fresh;
    fresh.bot().on("/luck", "Luck", [](dialogue& talk) -> task<> {
      const auto luck = co_await talk.random();
      const auto again = co_await talk.ask<std::int64_t>("Which? " + std::to_string(luck));
      co_await talk.say(again == luck ? "Right." : "Wrong.");
    });
    auto ben = fresh.user("ben");
    fresh.runs();
    fresh.kills_the_bot_at("/message/create", carried_out);
    ben.says("/luck");
    fresh.passes(1min);
    const auto asked = ben.hears().text();
    ben.says(asked.substr(asked.find(' ') + 1));
    EXPECT_EQ(ben.hears().text(), "Right.") << carried_out;
  }
}

TEST_F(dialogues_in_trouble_test, survives_a_kill_at_each_write_of_its_journal) {
  for (int write = 1; write <= 6; ++write)
    for (const auto kept : {false, true}) {
      tutti::testing::desk fresh;
      int works = 0;
      fresh.bot().on("/walk", "Walks", [&](dialogue& talk) -> task<> {
        const auto luck = co_await talk.random();
        co_await talk.say("begun");
        const auto same = co_await talk.once("work", [&] {
          ++works;
          return luck;
        });
        co_await talk.say(same == luck ? "ended" : "lost");
      });
      auto ben = fresh.user("ben");
      fresh.runs();
      fresh.kills_the_bot_at_write(write, kept);
      ben.says("/walk");
      fresh.passes(1min);
      EXPECT_LE(works, 1) << write << kept;
      const auto texts = ben.unheard();
      ASSERT_EQ(texts.size(), 2U) << write << kept;
      EXPECT_EQ(texts[0], "begun");
      if (texts[1] != "ended") {
        EXPECT_THAT(texts[1], HasSubstr("interrupted")) << write << kept;
      }
    }
}

TEST_F(dialogues_in_trouble_test, that_fails_goes_on_with_the_next_answer) {
  auto fails = true;
  desk.bot().on("/order", "Orders", [&](dialogue& talk) -> task<> {
    const auto count = co_await talk.ask<int>("How many?");
    co_await talk.say("So many: " + std::to_string(count));
    if (fails)
      throw std::runtime_error{"a defect"};
    co_await talk.say("Done.");
  });
  says("/order");
  ada.says("3");
  desk.passes(5min);
  EXPECT_THAT(ada.unheard(), ElementsAre("So many: 3"));
  fails = false;
  ada.says("4");
  EXPECT_THAT(ada.unheard(), ElementsAre("So many: 3", "So many: 4", "Done."));
}

TEST_F(dialogues_in_trouble_test, that_fails_behind_a_kept_work_goes_on_with_the_next_message) {
  auto fails = true;
  desk.bot().on("/book", "Books", [&](dialogue& talk) -> task<> {
    const auto count = co_await talk.ask<int>("How many?");
    co_await talk.once("book", [&] { booked += count; });
    if (fails)
      throw std::runtime_error{"a defect"};
    co_await talk.say("Booked " + std::to_string(count));
  });
  says("/book");
  ada.says("3");
  desk.passes(5min);
  EXPECT_THAT(ada.unheard(), IsEmpty());
  fails = false;
  EXPECT_EQ(says("hello?"), "Booked 3");
  EXPECT_EQ(booked, 3);
}

TEST_F(dialogues_in_trouble_test, whose_time_came_in_vain_goes_on_later) {
  auto fails = true;
  desk.bot().on("/tea", "Makes tea", [&](dialogue& talk) -> task<> {
    co_await talk.wait(5min);
    if (fails)
      throw std::runtime_error{"a defect"};
    co_await talk.say("Ready.");
  });
  ada.says("/tea");
  desk.passes(10min);
  fails = false;
  desk.passes(1h);
  EXPECT_THAT(ada.unheard(), ElementsAre("Ready."));
}

TEST_F(dialogues_in_trouble_test, goes_on_without_a_work_that_failed) {
  desk.bot().on("/book", "Books", [&](dialogue& talk) -> task<> {
    std::string how = "Booked.";
    try {
      co_await talk.once("book", [&] {
        ++booked;
        throw std::runtime_error{"the desk is closed"};
      });
    } catch (const std::exception& error) {
      how = error.what();
    }
    const auto again = co_await talk.ask<std::string>(how + " What now?");
    co_await talk.say(how + " " + again);
  });
  EXPECT_EQ(says("/book"), "the desk is closed What now?");
  desk.restarts_the_bot();
  EXPECT_EQ(says("wait"), "the desk is closed wait");
  EXPECT_EQ(booked, 1);
}

TEST_F(dialogues_in_trouble_test, that_cannot_be_read_is_over) {
  desk.bot().on("/book", "Books", [&](dialogue& talk) -> task<> {
    const auto odd = co_await talk.once("odd", [] { return std::string{"caf\xc3"}; });
    co_await talk.ask<std::string>("And?");
    co_await talk.say(odd);
  });
  EXPECT_EQ(says("/book"), "And?");
  EXPECT_EQ(says("this"), "caf\xEF\xBF\xBD");
}

TEST_F(dialogues_in_trouble_test, hears_the_next_answer_after_a_time_out_that_was_caught) {
  desk.bot().on("/ask", "Asks", [](dialogue& talk) -> task<> {
    const ask_rules short_of_time{1min, 3};
    try {
      co_await talk.ask<int>("First?", short_of_time);
    } catch (const dialogue_over&) {
    }
    const auto number = co_await talk.ask<int>("Second?");
    const auto third = co_await talk.ask<int>("Third?");
    co_await talk.say(std::to_string(number + third));
  });
  EXPECT_EQ(says("/ask"), "First?");
  desk.passes(2min);
  EXPECT_EQ(ada.hears().text(), "Second?");
  EXPECT_EQ(says("3"), "Third?");
  EXPECT_EQ(says("4"), "7");
}

TEST_F(dialogues_in_trouble_test, that_fails_behind_a_work_can_be_cancelled) {
  desk.bot().on("/book", "Books", [](dialogue& talk) -> task<> {
    co_await talk.once("book", [] {});
    throw std::runtime_error{"a defect"};
  });
  desk.bot().on("/time", "The time", [](chat& chat) -> task<> { co_await chat.say("noon"); });
  ada.says("/book");
  desk.passes(1min);
  EXPECT_EQ(says("/time"), "noon");
  EXPECT_EQ(says("/cancel"), "/book was cancelled.");
}

TEST_F(dialogues_in_trouble_test, what_was_said_of_a_failed_work_holds_though_the_bot_is_killed) {
  desk.bot().on("/book", "Books", [this](dialogue& talk) -> task<> {
    std::string how = "booked";
    try {
      co_await talk.once("book", [this] {
        if (++booked == 1)
          throw std::runtime_error{"closed"};
      });
    } catch (const std::exception& error) {
      how = error.what();
    }
    co_await talk.say(how);
    co_await talk.say("So: " + how);
  });
  desk.runs();
  desk.kills_the_bot_at("/message/create");
  ada.says("/book");
  desk.passes(1min);
  EXPECT_THAT(ada.unheard(), ElementsAre("closed", "So: closed"));
  EXPECT_EQ(booked, 1);
}

TEST_F(dialogues_in_trouble_test, a_question_that_cannot_be_sent_is_sent_again) {
  desk.bot().on("/ask", "Asks", [](dialogue& talk) -> task<> {
    std::string first = "none";
    try {
      first = co_await talk.ask<std::string>("First?");
    } catch (const std::exception&) {
    }
    const auto second = co_await talk.ask<std::string>("Second?");
    co_await talk.say(first + " " + second);
  });
  desk.runs();
  desk.refuses("/message/create", 400);
  ada.says("/ask");
  desk.passes(10s);
  EXPECT_EQ(ada.hears().text(), "First?");
  EXPECT_EQ(says("1"), "Second?");
  EXPECT_EQ(says("2"), "1 2");
}

TEST_F(dialogues_in_trouble_test, a_step_within_a_work_is_a_defect_that_is_named) {
  std::string why;
  desk.bot().on_given_up([&](const event&, const failure& reason) { why = reason.detail; });
  desk.bot().on("/book", "Books", [](dialogue& talk) -> task<> {
    co_await talk.once("book", [&]() -> task<> { co_await talk.say("in the midst"); });
  });
  ada.says("/book");
  desk.passes(1min);
  EXPECT_THAT(why, HasSubstr("the work of once has steps of its own"));
  EXPECT_THAT(ada.unheard(), IsEmpty());
}

TEST_F(dialogues_in_trouble_test, a_time_that_came_goes_on_though_the_bot_is_killed) {
  desk.bot().on("/tea", "Makes tea", [this](dialogue& talk) -> task<> {
    co_await talk.wait(5min);
    co_await talk.once("brew", [this] { ++booked; });
    co_await talk.say("Ready.");
  });
  ada.says("/tea");
  desk.kills_the_bot_at("/message/create", false);
  desk.passes(7min);
  EXPECT_THAT(ada.unheard(), ElementsAre("Ready."));
  EXPECT_EQ(booked, 1);
}

} // namespace
