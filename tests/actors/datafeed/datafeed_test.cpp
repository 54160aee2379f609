#include <tests/support/hearing_fixture.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class datafeed_test : public hearing_fixture {};

TEST_F(datafeed_test, a_batch_is_acknowledged_by_the_read_after_it_was_kept) {
  listen();
  EXPECT_EQ(acknowledged(), acks(""));
  hand_out({message("a")}, "a1");
  EXPECT_EQ(acknowledged(), acks("a1"));
  EXPECT_THAT(with_handlers(), ElementsAre("a"));
}

TEST_F(datafeed_test, nothing_is_acknowledged_nor_handled_that_is_not_kept) {
  listen();
  disk->full = true;
  hand_out({message("a")}, "a1");
  EXPECT_EQ(acknowledged(), "none");
  pass(10s);
  EXPECT_EQ(acknowledged(), "none");
  EXPECT_THAT(with_handlers(), IsEmpty());
  EXPECT_GT(disk->appends, 5) << "it is tried again";
  disk->full = false;
  pass(1s);
  EXPECT_EQ(acknowledged(), acks("a1"));
  EXPECT_THAT(with_handlers(), ElementsAre("a"));
}

TEST_F(datafeed_test, without_a_file_a_batch_is_acknowledged_when_its_handlers_have_ended) {
  disk->is_durable = false;
  listen();
  hand_out({message("a", "s1"), message("b", "s2")}, "a1");
  EXPECT_EQ(acknowledged(), "none");
  ends("a");
  EXPECT_EQ(acknowledged(), "none");
  ends("b");
  EXPECT_EQ(acknowledged(), acks("a1"));
}

TEST_F(datafeed_test,
       without_a_file_a_slow_handler_delays_the_acknowledgement_no_longer_than_said) {
  disk->is_durable = false;
  listen();
  hand_out({message("slow")}, "a1");
  pass(19s);
  EXPECT_EQ(acknowledged(), "none");
  pass(1s);
  EXPECT_EQ(acknowledged(), acks("a1"));
  // Later batches do not wait for it again.
  hand_out({message("b", "s2")}, "a2");
  ends("b");
  EXPECT_EQ(acknowledged(), acks("a2"));
}

TEST_F(datafeed_test, the_end_of_an_old_batch_does_not_acknowledge_the_next) {
  disk->is_durable = false;
  listen();
  hand_out({message("slow")}, "a1");
  pass(20s);
  hand_out({message("b", "s2")}, "a2");
  ends("slow");
  EXPECT_EQ(acknowledged(), "none");
  ends("b");
  EXPECT_EQ(acknowledged(), acks("a2"));
}

TEST_F(datafeed_test, too_many_events_hold_the_poll_and_none_is_dropped) {
  settings.events.window = 2;
  listen();
  hand_out({message("a", "s1"), message("b", "s2"), message("c", "s3")}, "a1");
  EXPECT_EQ(acknowledged(), "none");
  EXPECT_THAT(with_handlers(), ElementsAre("a", "b", "c"));
  ends("a");
  EXPECT_EQ(acknowledged(), "none");
  ends("b");
  EXPECT_EQ(acknowledged(), acks("a1"));
}

TEST_F(datafeed_test, what_the_bot_does_itself_is_not_heard_unless_that_is_wanted) {
  listen();
  hand_out({message("own", "s1", 1, 7), message("a")}, "a1");
  EXPECT_THAT(with_handlers(), ElementsAre("a"));
}

TEST_F(datafeed_test, own_events_are_heard_when_that_is_wanted) {
  settings.datafeed.own_events = true;
  listen();
  hand_out({message("own", "s1", 1, 7)}, "a1");
  EXPECT_THAT(with_handlers(), ElementsAre("own"));
}

TEST_F(datafeed_test, an_event_that_comes_again_is_handled_once) {
  listen();
  hand_out({message("a")}, "a1");
  hand_out({message("a"), message("b", "s2")}, "a2");
  EXPECT_THAT(with_handlers(), ElementsAre("a", "b"));
  ends("a");
  hand_out({message("a")}, "a3");
  EXPECT_THAT(with_handlers(), ElementsAre("b"));
}

TEST_F(datafeed_test, one_message_id_in_events_of_two_types_is_two_events) {
  listen();
  hand_out(
      {message("a", "s1"),
       R"({"type":"MESSAGESUPPRESSED","messageId":"a","payload":{"messageSuppressed":{"messageId":"a","stream":{"streamId":"s2"}}}})"},
      "a1");
  EXPECT_THAT(with_handlers(), ElementsAre("a", "a"));
}

TEST_F(datafeed_test, every_fault_passes) {
  listen();
  hand_out({}, "a1");
  pass(200ms);
  for (auto status : {401, 403, 404, 429, 500, 503}) {
    http.answer(read_path, status, "<html>no</html>");
    pass(15s);
    EXPECT_EQ(acknowledged(), acks("a1")) << status;
  }
  for (const auto* body : {"", "{}", "<html>", R"({"events":[{"type":)"}) {
    http.answer(read_path, 200, body);
    pass(15s);
    EXPECT_EQ(acknowledged(), acks("a1")) << body;
  }
  for (auto why : {errc::unreachable, errc::tls_failed, errc::deadline_exceeded,
                   errc::login_refused, errc::unauthorized, errc::internal}) {
    http.fail(read_path, why);
    pass(15s);
    EXPECT_EQ(acknowledged(), acks("a1")) << to_string(why);
  }
  hand_out({message("a")}, "a2");
  EXPECT_THAT(with_handlers(), ElementsAre("a"));
}

TEST_F(datafeed_test, a_feed_that_is_gone_is_deleted_and_made_again) {
  settings.datafeed.catch_up = 0;
  listen();
  hand_out({}, "a1");
  pass(200ms);
  http.answer(read_path, 400, "{}"); // Perhaps only the ackId.
  EXPECT_EQ(acknowledged(), acks(""));
  http.answer(read_path, 400, "{}");
  http.answer(feeds_path, 200, "[]"); // All of the account.
  EXPECT_EQ(http.waiting("/agent/v5/datafeeds/x_f").request.method, http_method::del);
  http.answer("/agent/v5/datafeeds/x_f", 400, "{}");
  http.answer(feeds_path, 200, R"([{"id":"x_f"}])"); // Those of the tag.
  EXPECT_EQ(http.waiting(feeds_path).request.method, http_method::post);
  http.answer(feeds_path, 201, R"({"id":"y_f"})");
  EXPECT_EQ(http.count("/agent/v5/datafeeds/y_f/read"), 1);
}

TEST_F(datafeed_test, a_core_that_restarts_goes_on_where_it_was) {
  listen();
  hand_out({message("a"), message("b")}, "a1");
  ends("a");
  hears->all.clear(); // Those handlers are gone with the core.
  each_core_member_top_down([&](const char* name, auto member) {
    if (name != std::string{"http"})
      sys.kill(handles.*member);
  });
  handles = {};
  start();
  EXPECT_THAT(with_handlers(), ElementsAre("b"));
  EXPECT_TRUE(hears->all[0].what->marks.repeated);
  EXPECT_EQ(acknowledged(), acks("a1"));
}

TEST_F(datafeed_test, an_agent_that_answers_at_once_without_events_is_asked_five_times_a_second) {
  listen();
  for (int i = 0; i < 5; ++i) {
    http.answer(read_path, 200, R"({"events":[null],"ackId":"a"})");
    EXPECT_EQ(acknowledged(), "none");
    pass(200ms);
    EXPECT_EQ(acknowledged(), acks("a"));
  }
}

TEST_F(datafeed_test, what_the_bot_has_said_itself_does_not_delay_the_next_read) {
  listen();
  hand_out({message("own", "s1", 1'000, 7)}, "a1");
  EXPECT_THAT(with_handlers(), IsEmpty());
  EXPECT_EQ(acknowledged(), acks("a1"));
}

TEST_F(datafeed_test, the_feed_is_in_the_journal_before_its_first_read) {
  disk->full = true;
  listen();
  EXPECT_EQ(acknowledged(), "none");
  disk->full = false;
  pass(1s);
  EXPECT_EQ(acknowledged(), acks(""));
}

TEST_F(datafeed_test, the_poll_is_taken_back_when_it_ends) {
  listen();
  auto ticket = http.waiting(read_path).ticket;
  sys.kill(handles.datafeed);
  EXPECT_THAT(http.seen().cancelled, ::testing::Contains(ticket));
}

class caught_up_test : public hearing_fixture {
public:
  static constexpr auto streams_path = "/pod/v1/streams/list";
  static constexpr auto history_path = "/agent/v4/stream/c3Mx/message";

  /// The feed was read, and is gone now.
  void lose() {
    start();
    http.answer(feeds_path, 200, R"([{"id":"x_f"}])");
    hand_out({message("a", "c3Mx")}, "a1");
    ends("a");
    http.answer(read_path, 400, "{}"); // Perhaps only the ackId.
    http.answer(read_path, 400, "{}");
    http.answer(feeds_path, 200, "[]");
    http.answer("/agent/v5/datafeeds/x_f", 204, "");
    http.answer(feeds_path, 200, "[]");
    http.answer(feeds_path, 201, R"({"id":"y_f"})");
  }

  static std::string row(const std::string& id, int from = 99) {
    return R"({"messageId":")" + id + R"(","timestamp":2000,"user":{"userId":)" +
           std::to_string(from) +
           R"(},"message":"<div data-format=\"PresentationML\" data-version=\"2.0\">)" + id +
           R"(</div>","stream":{"streamId":"c3Mx"}})";
  }

  int reads_of_the_new_feed() const { return http.count("/agent/v5/datafeeds/y_f/read"); }
};

TEST_F(caught_up_test, what_a_lost_feed_held_comes_before_what_the_new_one_brings) {
  lose();
  EXPECT_EQ(reads_of_the_new_feed(), 0);
  http.answer(streams_path, 200, "[]");
  EXPECT_EQ(reads_of_the_new_feed(), 0);
  http.answer(history_path, 200, "[" + row("a") + "," + row("b") + "," + row("own", 7) + "]");
  EXPECT_THAT(with_handlers(), ElementsAre("b")) << "a is known, the last one is the bot's own";
  EXPECT_TRUE(hears->all[0].what->marks.caught_up);
  EXPECT_EQ(hears->all[0].what->message.text(), "b");
  EXPECT_EQ(reads_of_the_new_feed(), 1);
  EXPECT_EQ(life->heard.feeds_lost.now(), 1U);
  EXPECT_EQ(life->heard.caught_up.now(), 1U);
}

TEST_F(caught_up_test, a_stream_that_is_new_since_is_read_too) {
  lose();
  http.answer(streams_path, 200, R"([{"id":"bmV3","streamType":{"type":"IM"},"active":true}])");
  http.answer(history_path, 204, "");
  EXPECT_EQ(http.count("/agent/v4/stream/bmV3/message"), 1);
  EXPECT_EQ(reads_of_the_new_feed(), 0);
  http.answer("/agent/v4/stream/bmV3/message", 204, "");
  EXPECT_EQ(reads_of_the_new_feed(), 1);
}

TEST_F(caught_up_test, an_agent_that_is_away_is_waited_for) {
  lose();
  http.answer(streams_path, 200, "[]");
  http.fail(history_path, errc::unreachable);
  EXPECT_EQ(reads_of_the_new_feed(), 0);
  pass(1s);
  http.answer(history_path, 200, "[" + row("b") + "]");
  EXPECT_THAT(with_handlers(), ElementsAre("b"));
  EXPECT_EQ(reads_of_the_new_feed(), 1);
}

TEST_F(caught_up_test, a_core_that_crashes_meanwhile_begins_again) {
  lose();
  each_core_member_top_down([&](const char* name, auto member) {
    if (name != std::string{"http"})
      sys.kill(handles.*member);
  });
  handles = {};
  start();
  http.answer(streams_path, 200, "[]"); // The old core's.
  http.answer(streams_path, 200, "[]");
  http.answer(history_path, 200, "[" + row("b") + "]");
  EXPECT_THAT(with_handlers(), ElementsAre("b"));
}

TEST_F(caught_up_test, nothing_is_read_again_when_that_is_not_wanted) {
  settings.datafeed.catch_up = 0;
  lose();
  EXPECT_EQ(http.count(streams_path), 0);
  EXPECT_EQ(reads_of_the_new_feed(), 1);
}

} // namespace
