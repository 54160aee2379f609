#include <tests/support/hearing_fixture.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class dispatch_test : public hearing_fixture {};

TEST_F(dispatch_test, one_event_of_a_stream_is_with_a_handler_at_a_time) {
  listen();
  hand_out({message("a"), message("b"), message("c", "s2")}, "a1");
  EXPECT_THAT(with_handlers(), ElementsAre("a", "c"));
  ends("a");
  EXPECT_THAT(with_handlers(), ElementsAre("c", "b"));
}

TEST_F(dispatch_test, a_slow_stream_holds_up_no_other) {
  listen();
  hand_out({message("slow"), message("b", "s2")}, "a1");
  ends("b");
  hand_out({message("c", "s2"), message("d")}, "a2");
  pass(60s);
  EXPECT_THAT(with_handlers(), ElementsAre("slow", "c"));
}

TEST_F(dispatch_test, a_handler_that_fails_is_called_again_after_a_wait_and_then_given_up) {
  listen();
  hand_out({message("bad"), message("next")}, "a1");
  fails("bad");
  EXPECT_THAT(with_handlers(), IsEmpty()) << "its stream waits for it";
  pass(500ms);
  ASSERT_THAT(with_handlers(), ElementsAre("bad"));
  EXPECT_EQ(hears->all[0].what->marks.attempt, 2);
  EXPECT_TRUE(hears->all[0].what->marks.repeated);
  fails("bad");
  pass(1s);
  ASSERT_THAT(with_handlers(), ElementsAre("bad"));
  fails("bad");
  EXPECT_THAT(hears->lost, ElementsAre(Pair("bad", "it threw")));
  EXPECT_THAT(with_handlers(), ElementsAre("next"));
  auto dead = sys.ask<dead_letters_listed>(handles.journal, list_dead_letters{});
  sys.run();
  ASSERT_EQ(dead->letters.size(), 1U);
  EXPECT_EQ(dead->letters[0].what.what.key, "MESSAGESENT bad");
}

TEST_F(dispatch_test, an_outage_is_not_counted_against_the_handler) {
  listen();
  hand_out({message("a")}, "a1");
  for (int i = 0; i < 8; ++i) {
    ends("a", handling{failure{errc::login_refused, "maintenance", 0, {}}});
    pass(15s);
  }
  EXPECT_THAT(with_handlers(), ElementsAre("a"));
  EXPECT_THAT(hears->lost, IsEmpty());
}

TEST_F(dispatch_test, more_events_than_a_page_of_an_earlier_process_are_queued_once) {
  settings.events.window = 5'000;
  listen();
  std::vector<std::string> many;
  for (int i = 0; i < 1'200; ++i)
    many.push_back(message("m" + std::to_string(i), "s" + std::to_string(i)));
  hand_out(many, "a1");
  hears->at_once = true; // While the pages come.
  hears->count = 0;
  restart();
  EXPECT_EQ(hears->count, 1'200U);
}

TEST_F(dispatch_test, a_handler_that_the_stop_interrupts_has_not_ended) {
  listen();
  hand_out({message("a")}, "a1");
  auto drained = sys.ask<tutti::drained>(caf::actor_cast<drain_actor>(handles.dispatch), drain{});
  sys.run();
  ends("a", handling{failure{errc::shutting_down, "the bot is stopping", 0, {}}});
  auto open = sys.ask<events_fetched>(handles.journal, fetch_events{});
  sys.run();
  EXPECT_EQ(open->events.size(), 1U);
}

TEST_F(dispatch_test, an_end_that_cannot_be_kept_is_kept_later_without_another_call) {
  listen();
  hand_out({message("a")}, "a1");
  disk->full = true;
  ends("a");
  pass(5s);
  EXPECT_THAT(with_handlers(), IsEmpty());
  disk->full = false;
  pass(1s);
  auto open = sys.ask<events_fetched>(handles.journal, fetch_events{});
  sys.run();
  EXPECT_THAT(open->events, IsEmpty());
}

TEST_F(dispatch_test, an_older_event_that_comes_later_is_marked_late) {
  listen();
  hand_out({message("b", "s1", 2'000)}, "a1");
  EXPECT_FALSE(hears->all[0].what->marks.late);
  ends("b");
  hand_out({message("a", "s1", 1'000)}, "a2");
  EXPECT_TRUE(hears->all[0].what->marks.late);
}

/// Timers are kept by handlers.
class timers_of_dispatch_test : public hearing_fixture {
public:
  void keeps(const std::string& message_id, std::vector<stored_timer> timers,
             std::vector<std::string> removed = {}) {
    handling how;
    how.timers = std::move(timers);
    how.timers_removed = std::move(removed);
    ends(message_id, std::move(how));
  }
  std::vector<std::string> payloads() const {
    std::vector<std::string> all;
    for (const auto& each : hears->all)
      all.push_back(each.what->payload);
    return all;
  }
};

TEST_F(timers_of_dispatch_test, one_that_is_due_is_an_event_of_its_stream) {
  listen();
  hand_out({message("a")}, "a1");
  keeps("a", {{"t", "s1", wall() + 1min, "wake up"}});
  pass(59s);
  EXPECT_THAT(with_handlers(), IsEmpty());
  pass(1s);
  ASSERT_THAT(payloads(), ElementsAre("wake up"));
  const auto& fired = *hears->all[0].what;
  EXPECT_EQ(fired.kind, event_kind::timer_due);
  EXPECT_EQ(fired.id, "t");
  EXPECT_EQ(to_string(fired.stream.id), "s1");
  EXPECT_FALSE(fired.marks.late);
  hand_out({message("b")}, "a2");
  EXPECT_THAT(payloads(), ElementsAre("wake up")) << "its stream waits for it";
  ends(fired.message_id);
  EXPECT_THAT(with_handlers(), ElementsAre("b"));
}

TEST_F(timers_of_dispatch_test, one_that_is_due_while_no_process_runs_fires_once_at_the_start) {
  listen();
  hand_out({message("a")}, "a1");
  keeps("a", {{"t", "s1", wall() + 1s, "wake up"}});
  each_core_member_top_down([&](const char* name, auto member) {
    if (name != std::string{"http"})
      sys.kill(handles.*member);
  });
  pass(1h);
  restart();
  ASSERT_THAT(payloads(), ElementsAre("wake up"));
  restart();
  ASSERT_THAT(payloads(), ElementsAre("wake up")) << "it has not ended";
  ends(hears->all[0].what->message_id);
  restart();
  EXPECT_THAT(payloads(), IsEmpty());
}

TEST_F(timers_of_dispatch_test, one_that_is_removed_while_its_event_waits_is_not_handed_out) {
  listen();
  hand_out({message("a")}, "a1");
  keeps("a", {{"t", "s1", wall() + 1s, "first"}, {"t2", "s2", wall() + 1s, "second"}});
  hand_out({message("b"), message("c", "s2")}, "a2");
  pass(2s); // They are events, behind b and c.
  keeps("b", {}, {"t"});
  EXPECT_THAT(with_handlers(), ElementsAre("c"));
  keeps("c", {});
  EXPECT_THAT(payloads(), ElementsAre("second"));
  restart();
  EXPECT_THAT(payloads(), ElementsAre("second"));
}

TEST_F(timers_of_dispatch_test, the_next_one_is_known_when_a_later_one_fired) {
  listen();
  hand_out({message("a")}, "a1");
  keeps("a", {{"t3", "s3", wall() + 3h, "third"},
              {"t1", "s1", wall() + 1h, "first"},
              {"t2", "s2", wall() + 2h, "second"}});
  sys.advance(1h);
  EXPECT_THAT(payloads(), ElementsAre("first"));
  pass(15s);
  sys.advance(1h);
  EXPECT_THAT(payloads(), ElementsAre("first", "second"));
}

TEST_F(timers_of_dispatch_test, one_that_is_removed_while_the_journal_fires_it_is_not_handed_out) {
  listen();
  hand_out({message("a"), message("b", "s2")}, "a1");
  keeps("a", {{"t", "s1", wall() + 1s, "first"}});
  disk->slow = true;
  pass(2s);
  keeps("b", {}, {"t"});
  disk->slow = false;
  disk->answer_slow();
  pass(2s);
  EXPECT_THAT(payloads(), IsEmpty());
}

TEST_F(timers_of_dispatch_test, of_one_id_and_time_may_be_again) {
  listen();
  hand_out({message("a"), message("b", "s2")}, "a1");
  const auto due = wall() + 1s;
  keeps("a", {{"t", "s1", due, "first"}});
  pass(2s);
  ends(hears->all.back().what->message_id);
  keeps("b", {{"t", "s1", due, "second"}});
  pass(2s);
  EXPECT_THAT(payloads(), ElementsAre("second"));
}

TEST_F(timers_of_dispatch_test, a_timer_of_next_month_costs_nothing_until_then) {
  listen();
  hand_out({message("a")}, "a1");
  keeps("a", {{"t", "s1", wall() + 24h * 30, "later"}});
  const auto before = sys.scheduler().clock().schedule().size();
  for (int i = 0; i < 50; ++i) {
    hand_out({message("m" + std::to_string(i))}, "a" + std::to_string(i + 2));
    ends("m" + std::to_string(i));
  }
  pass(11s);
  EXPECT_LT(sys.scheduler().clock().schedule().size(), before + 10);
}

TEST_F(timers_of_dispatch_test, a_journal_that_cannot_be_read_is_asked_again) {
  listen();
  hand_out({message("a")}, "a1");
  keeps("a", {{"t", "s1", wall() + 1s, "wake up"}});
  disk->full = true;
  pass(5s);
  EXPECT_THAT(payloads(), IsEmpty());
  disk->full = false;
  pass(2s);
  EXPECT_THAT(payloads(), ElementsAre("wake up"));
}

TEST_F(timers_of_dispatch_test, standing_ones_are_set_unless_they_are) {
  hears->standing = [](auto now) {
    return std::vector<stored_timer>{{"daily", "", now + 1h, "good morning"}};
  };
  listen();
  sys.advance(30min);
  restart();
  pass(15s);
  sys.advance(30min);
  EXPECT_THAT(payloads(), ElementsAre("good morning"));
}

} // namespace
