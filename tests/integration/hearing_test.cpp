// A bot that hears and answers, against the pod on the desk.
#include <tests/support/temporary_folder.hpp>

#include <tutti/bot.hpp>
#include <tutti/testing/pod.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr auto create_feed = "POST /agent/v5/datafeeds";
constexpr auto send_path = "/agent/v4/stream/{sid}/message/create";
constexpr auto read_path = "/agent/v5/datafeeds/{datafeedId}/read";

class hearing_test : public ::testing::Test {
public:
  /// Waits for it without a deadline of its own: the test runner has one.
  template <class Condition>
  static void until(Condition met) {
    while (!met())
      std::this_thread::sleep_for(2ms);
  }

  void started(bot& which) const {
    ASSERT_TRUE(which.start());
    pod.wait_for(create_feed, 1);
  }

  std::vector<std::string> said(std::size_t count) {
    until([&] { return pod.texts("ada", "my-bot").size() >= count; });
    return pod.texts("ada", "my-bot");
  }

  static task<> echo(chat& here) { co_await here.say("You said: " + here.text()); }

  tutti::testing::pod pod;
  tutti::testing::temporary_folder folder;
};

TEST_F(hearing_test, what_a_person_says_is_answered) {
  bot hears{pod.bot_config()};
  hears.on_message(echo);
  started(hears);
  pod.say("ada", "my-bot", "hello & <goodbye>");
  EXPECT_THAT(said(2), ElementsAre("hello & <goodbye>", "You said: hello & <goodbye>"));
}

TEST_F(hearing_test, a_bot_that_hears_nothing_reads_no_feed) {
  bot deaf{pod.bot_config()};
  ASSERT_TRUE(deaf.start());
  pod.wait_for("GET /pod/v2/sessioninfo", 1);
  EXPECT_EQ(pod.count(create_feed), 0);
  EXPECT_EQ(pod.count("POST /relay/pubkey/authenticate"), 0);
}

TEST_F(hearing_test, messages_of_one_stream_are_handled_in_order) {
  bot hears{pod.bot_config()};
  hears.on_message(echo);
  started(hears);
  for (int i = 0; i < 20; ++i)
    pod.say("ada", "my-bot", std::to_string(i));
  std::vector<std::string> answers;
  for (const auto& each : said(40))
    if (each.starts_with("You said"))
      answers.push_back(each);
  ASSERT_EQ(answers.size(), 20U);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(answers[static_cast<std::size_t>(i)], "You said: " + std::to_string(i));
}

TEST_F(hearing_test, a_handler_that_throws_is_called_again_and_then_given_up) {
  std::atomic<int> calls = 0;
  std::atomic<int> given_up = 0;
  auto settings = pod.bot_config();
  settings.events.initial_interval = 1ms;
  bot hears{settings};
  hears.on_message([&](chat& here) -> task<> {
    ++calls;
    if (here.text() == "bad")
      throw std::runtime_error{"no"};
    co_await here.say("fine");
  });
  hears.on_given_up([&](const event& what, const failure& why) {
    EXPECT_EQ(what.message.text(), "bad");
    EXPECT_EQ(why.detail, "no");
    ++given_up;
  });
  started(hears);
  pod.say("ada", "my-bot", "bad");
  pod.say("ada", "my-bot", "good");
  EXPECT_THAT(said(3), ElementsAre("bad", "good", "fine"));
  until([&] { return given_up == 1; });
  EXPECT_EQ(calls, 4);
}

TEST_F(hearing_test, an_answer_that_is_lost_is_not_said_twice) {
  bot hears{pod.bot_config()};
  hears.on_message(echo);
  started(hears);
  // The agent does what it is asked for; its answer does not arrive.
  pod.set_faults(std::string{R"([{"path": ")"} + send_path +
                 R"(", "reset": "before", "acts": true, "count": 1}])");
  pod.say("ada", "my-bot", "one");
  EXPECT_THAT(said(2), ElementsAre("one", "You said: one"));
  pod.say("ada", "my-bot", "two");
  EXPECT_THAT(said(4), ElementsAre("one", "You said: one", "two", "You said: two"));
  EXPECT_EQ(pod.count(std::string{"POST "} + send_path), 2);
}

TEST_F(hearing_test, a_send_that_did_not_arrive_is_repeated) {
  bot hears{pod.bot_config()};
  hears.on_message(echo);
  started(hears);
  pod.set_faults(std::string{R"([{"path": ")"} + send_path +
                 R"(", "reset": "before", "acts": false, "count": 1}])");
  pod.say("ada", "my-bot", "one");
  EXPECT_THAT(said(2), ElementsAre("one", "You said: one"));
}

TEST_F(hearing_test, an_event_that_is_handed_out_twice_is_handled_once) {
  bot hears{pod.bot_config()};
  hears.on_message(echo);
  started(hears);
  pod.set_faults(std::string{R"([{"path": ")"} + read_path +
                 R"(", "duplicate": true, "count": 1}])");
  pod.say("ada", "my-bot", "one");
  pod.say("ada", "my-bot", "two");
  EXPECT_THAT(said(4), ElementsAre("one", "two", "You said: one", "You said: two"));
}

TEST_F(hearing_test, a_feed_that_is_gone_is_made_again) {
  bot hears{pod.bot_config()};
  hears.on_message(echo);
  started(hears);
  pod.say("ada", "my-bot", "one");
  said(2);
  pod.set_faults(std::string{R"([{"path": ")"} + read_path + R"(", "vanish": true, "count": 1}])");
  pod.say("ada", "my-bot", "lost with the feed, or not");
  pod.wait_for(create_feed, 2);
  pod.say("ada", "my-bot", "after");
  until([&] { return pod.texts("ada", "my-bot").back() == "You said: after"; });
}

TEST_F(hearing_test, what_was_not_done_is_done_by_the_next_process) {
  auto settings = pod.bot_config();
  settings.journal.path = folder / "journal.db";
  {
    std::atomic<bool> called = false;
    bot first{settings};
    first.on_message([&](chat& here) -> task<> {
      called = true;
      co_await here.bot().after(1h);
    });
    started(first);
    pod.say("ada", "my-bot", "one");
    until([&] { return called.load(); });
  }
  bot second{settings};
  std::atomic<bool> repeated = false;
  second.on_message([&](chat& here) -> task<> {
    repeated = here.event().marks.repeated;
    co_await here.say("done");
  });
  ASSERT_TRUE(second.start());
  EXPECT_THAT(said(2), ElementsAre("one", "done"));
  EXPECT_TRUE(repeated);
}

TEST_F(hearing_test, what_an_earlier_process_has_said_is_not_said_again) {
  auto settings = pod.bot_config();
  settings.journal.path = folder / "journal.db";
  {
    std::atomic<bool> said_one = false;
    bot first{settings};
    first.on_message([&](chat& here) -> task<> {
      co_await here.say("one of two");
      said_one = true;
      co_await here.bot().after(1h); // It ends here.
    });
    started(first);
    pod.say("ada", "my-bot", "go");
    until([&] { return said_one.load(); });
  }
  bot second{settings};
  second.on_message([&](chat& here) -> task<> {
    co_await here.say("one of two");
    co_await here.say("two of two");
  });
  ASSERT_TRUE(second.start());
  EXPECT_THAT(said(3), ElementsAre("go", "one of two", "two of two"));
}

TEST_F(hearing_test, a_journal_that_cannot_be_used_keeps_the_bot_from_starting) {
  auto settings = pod.bot_config();
  settings.journal.path = "/nowhere/journal.db";
  bot hears{settings};
  hears.on_message(echo);
  auto started = hears.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().error, errc::misconfigured);
  EXPECT_THAT(started.error().detail, ::testing::HasSubstr("journal.path: /nowhere/journal.db"));
}

TEST_F(hearing_test, stop_does_not_wait_for_the_poll) {
  bot hears{pod.bot_config()};
  hears.on_message(echo);
  started(hears);
  pod.say("ada", "my-bot", "one");
  said(2);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_TRUE(hears.stop());
  EXPECT_LT(std::chrono::steady_clock::now() - began, 4s) << "the poll takes 30";
}

TEST_F(hearing_test, a_datahose_is_heard_and_goes_on_where_a_process_has_stopped) {
  auto settings = pod.bot_config();
  settings.datafeed.version = event_source::datahose;
  settings.datahose.event_types = {"MESSAGESENT"};
  settings.journal.path = folder / "journal";
  std::mutex lock;
  std::vector<std::string> heard;
  std::atomic<bool> knocked = false;
  auto listen = [&](bot& which) {
    which.on_message([&](chat& here) {
      std::lock_guard held{lock};
      if (here.text() == "knock")
        knocked = true;
      else
        heard.push_back(here.text());
    });
  };
  auto hears = [&](std::size_t count) {
    until([&] {
      std::lock_guard held{lock};
      return heard.size() >= count;
    });
  };
  {
    bot first{settings};
    listen(first);
    ASSERT_TRUE(first.start());
    until([&] { // Its first read makes the queue.
      pod.say("ada", "my-bot", "knock");
      return knocked.load();
    });
    pod.say("ada", "my-bot", "one");
    hears(1);
    first.stop();
  }
  EXPECT_EQ(pod.count(create_feed), 0);
  pod.say("ada", "ben", "between people");
  bot second{settings};
  listen(second);
  ASSERT_TRUE(second.start());
  hears(2);
  EXPECT_THAT(heard, ElementsAre("one", "between people"));
}

} // namespace
