#include <tests/support/core_fixture.hpp>

#include <wire/agent/messages.hpp>

#include <gmock/gmock.h>

#include <regex>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

const auto here = *stream_id::make("s1");
constexpr auto create = "/agent/v4/stream/s1/message/create";
constexpr auto history = "/agent/v4/stream/s1/message";

class messages_test : public core_fixture {
public:
  asked<message> say(send_message asked = {}) {
    if (!handles.messages)
      start();
    asked.to = here;
    asked.what = "hello";
    auto pending = sys.ask<message>(handles.messages, std::move(asked));
    sys.run();
    return pending;
  }

  /// That of the create which waits for an answer.
  std::string marker() const {
    std::smatch found;
    auto body = http.waiting(create).request.body;
    return std::regex_search(body, found, std::regex{R"re("id":"([^"]+)")re"}) ? found[1].str()
                                                                               : "";
  }

  messages_test() {
    settings.bot.username = "bot";
    settings.host_of(service::pod).host = "pod";
  }

  static std::string sent(const std::string& id, const std::string& marker = {}) {
    auto data = marker.empty()
                    ? "{}"
                    : R"({\"tutti\":{\"type\":\"tutti.marker\",\"id\":\")" + marker + R"(\"}})";
    return R"({"messageId":")" + id + R"(","timestamp":1000,"message":"<div/>","data":")" +
           std::string{data} + R"("})";
  }
};

TEST_F(messages_test, a_message_is_sent_and_answered) {
  auto pending = say();
  EXPECT_THAT(http.waiting(create).request.body, HasSubstr("<messageML>hello</messageML>"));
  EXPECT_EQ(http.waiting(create).to, service::agent);
  http.answer(create, 200, sent("m1"));
  ASSERT_TRUE(pending.ok());
  EXPECT_EQ(pending->id(), "m1");
}

TEST_F(messages_test, a_refusal_comes_at_once) {
  auto pending = say();
  http.answer(create, 400, R"({"code":400,"message":"Invalid messageML"})");
  EXPECT_EQ(pending.error(), errc::rejected);
  EXPECT_THAT(pending.why().detail, HasSubstr("Invalid messageML"));
}

TEST_F(messages_test, a_lost_answer_is_searched_for_and_found) {
  auto pending = say();
  auto mark = marker();
  ASSERT_FALSE(mark.empty());
  http.fail(create, errc::unreachable);
  sys.advance(1s);
  http.answer(history, 200, "[" + sent("m0") + "," + sent("m1", mark) + "]");
  ASSERT_TRUE(pending.ok());
  EXPECT_EQ(pending->id(), "m1");
  EXPECT_EQ(http.count(create), 1);
}

TEST_F(messages_test, what_is_not_found_twice_is_sent_again_with_the_same_mark) {
  auto pending = say();
  auto mark = marker();
  http.fail(create, errc::protocol_error);
  sys.advance(1s);
  http.answer(history, 204, "");
  EXPECT_EQ(http.count(create), 1);
  sys.advance(1s);
  http.answer(history, 200, "[" + sent("m0", "another") + "]");
  ASSERT_EQ(http.count(create), 2);
  EXPECT_EQ(marker(), mark);
  http.answer(create, 200, sent("m1"));
  EXPECT_TRUE(pending.ok());
}

TEST_F(messages_test, a_doubtful_message_is_searched_for_before_it_is_sent) {
  send_message asked;
  asked.marker = {"mark", true, std::chrono::system_clock::time_point{5s}};
  auto pending = say(asked);
  EXPECT_EQ(http.count(create), 0);
  EXPECT_THAT(http.waiting(history).request.target, HasSubstr("since=5000"));
  // Another bot's answer to the same message is not ours.
  http.answer(history, 200,
              "[" + sent("m0", "other@pod mark") + "," + sent("m1", "bot@pod mark") + "]");
  EXPECT_EQ(pending->id(), "m1");
  EXPECT_EQ(http.count(create), 0);
}

TEST_F(messages_test, without_marks_a_lost_answer_is_a_failure_that_says_so) {
  settings.outbox.marker = outbox_marker::none;
  auto pending = say();
  EXPECT_EQ(marker(), "");
  http.fail(create, errc::unreachable);
  sys.advance(1min);
  EXPECT_EQ(pending.error(), errc::unreachable);
  EXPECT_EQ(http.count(create), 1);
}

TEST_F(messages_test, what_did_not_reach_the_agent_is_sent_again) {
  auto pending = say();
  http.fail(create, errc::overloaded);
  sys.advance(1s);
  http.answer(create, 200, sent("m1"));
  EXPECT_TRUE(pending.ok());
  EXPECT_EQ(http.count(history), 0);
}

TEST_F(messages_test, it_goes_on_until_its_time_is_over_and_says_what_is_not_known) {
  send_message asked;
  asked.timeout = 20s;
  auto pending = say(asked);
  http.fail(create, errc::unreachable);
  for (int i = 0; i < 20 && !pending.settled(); ++i) {
    sys.advance(5s);
    if (!pending.settled())
      http.fail(history, errc::unreachable);
  }
  EXPECT_EQ(pending.error(), errc::unreachable);
  EXPECT_THAT(pending.why().detail, HasSubstr("whether the message was sent is not known"));
}

TEST_F(messages_test, a_send_that_is_taken_back_ends) {
  send_message asked;
  asked.ticket = call_ticket::next();
  auto pending = say(asked);
  auto call = http.waiting(create).ticket;
  caf::anon_send(handles.messages, cancel_send{asked.ticket});
  sys.run();
  EXPECT_EQ(pending.error(), errc::cancelled);
  EXPECT_THAT(http.seen().cancelled, ::testing::Contains(call));
}

TEST_F(messages_test, at_the_end_everyone_who_waits_is_answered) {
  auto sending = say();
  auto listing = sys.ask<messages_listed>(handles.messages, list_messages{{}, here});
  auto finding = sys.ask<message_found>(handles.messages, get_message{{}, "m"});
  sys.run();
  sys.kill(handles.messages);
  EXPECT_EQ(sending.error(), errc::shutting_down);
  EXPECT_EQ(listing.error(), errc::shutting_down);
  EXPECT_EQ(finding.error(), errc::shutting_down);
}

TEST_F(messages_test, a_history_is_read_page_by_page) {
  start();
  list_messages asked{{}, here};
  asked.limit = 600;
  auto pending = sys.ask<messages_listed>(handles.messages, asked);
  sys.run();
  EXPECT_THAT(http.waiting(history).request.target, HasSubstr("skip=0&limit=500"));
  std::string page = "[";
  for (int i = 0; i < 500; ++i)
    page += (i > 0 ? "," : "") + sent("m" + std::to_string(i));
  http.answer(history, 200, page + "]");
  EXPECT_THAT(http.waiting(history).request.target, HasSubstr("since=1000&skip=500&limit=100"));
  http.answer(history, 200, "[" + sent("last") + "]");
  ASSERT_TRUE(pending.ok());
  EXPECT_EQ(pending->messages.size(), 501U);
}

TEST_F(messages_test, a_blast_has_an_outcome_for_each_stream_a_hundred_at_a_time) {
  start();
  blast_message asked;
  for (int i = 0; i < 101; ++i)
    asked.to.push_back(*stream_id::make("s" + std::to_string(i)));
  asked.what = "hello";
  auto pending = sys.ask<message_blasted>(handles.messages, asked);
  sys.run();
  http.answer(
      "/agent/v4/message/blast", 200,
      R"({"messages":[{"messageId":"m","stream":{"streamId":"s0"}}],"errors":{"s1":{"code":403,"message":"no"}}})");
  http.answer("/agent/v4/message/blast", 503, "{}");
  ASSERT_TRUE(pending.ok());
  ASSERT_EQ(pending->outcomes.size(), 101U);
  EXPECT_TRUE(pending->outcomes[0].second);
  EXPECT_EQ(pending->outcomes[1].second.error().error, errc::not_entitled);
  EXPECT_EQ(pending->outcomes[2].second.error().error, errc::protocol_error);
  EXPECT_EQ(pending->outcomes[100].second.error().error, errc::unreachable);
}

TEST_F(messages_test, a_file_that_cannot_be_read_is_a_refusal) {
  start();
  send_message asked;
  asked.to = here;
  asked.what = "hello";
  asked.what.attach(attachment::file("/nowhere/at/all"));
  auto pending = sys.ask<message>(handles.messages, asked);
  while (!pending.settled())
    sys.run();
  EXPECT_EQ(pending.error(), errc::rejected);
  EXPECT_THAT(pending.why().detail, HasSubstr("/nowhere/at/all"));
}

TEST_F(messages_test, messages_into_one_stream_keep_the_pace) {
  settings.outbox.per_stream = 2;
  auto first = say();
  auto second = say();
  EXPECT_EQ(http.count(create), 1);
  http.answer(create, 200, sent("m1"));
  sys.advance(490ms);
  EXPECT_EQ(http.count(create), 1);
  sys.advance(30ms);
  EXPECT_EQ(http.count(create), 2);
  http.answer(create, 200, sent("m2"));
  EXPECT_EQ(first->id(), "m1");
  EXPECT_EQ(second->id(), "m2");
}

TEST_F(messages_test, a_turn_after_the_deadline_fails_with_the_name_of_the_bound) {
  settings.outbox.per_stream = 2;
  say();
  send_message asked;
  asked.timeout = 400ms;
  auto late = say(std::move(asked));
  ASSERT_TRUE(late.settled() && !late.ok());
  EXPECT_EQ(late.why().error, errc::rate_limited);
  EXPECT_THAT(late.why().detail, HasSubstr("outbox.perStream"));
}

} // namespace
