#include <wire/agent/events.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using ::testing::ElementsAre;
using ::testing::Pair;

http_response answered(std::string body, int status = 200) {
  http_response made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

constexpr const char* message_event = R"({"id":"e1","messageId":"m1","timestamp":1800000000123,
 "type":"MESSAGESENT","initiator":{"user":{"userId":130,"firstName":"Ada","lastName":"L",
 "displayName":"Ada L","email":"ada@ours","username":"ada"}},"payload":{"messageSent":{"message":{
 "messageId":"m1","timestamp":1800000000123,"message":"<div data-format=\"PresentationML\" data-version=\"2.0\">hi</div>",
 "data":"{}","attachments":[{"id":"a%2F","name":"x.txt","size":3,"images":[]}],
 "user":{"userId":130,"displayName":"Ada L","email":"ada@ours"},
 "stream":{"streamId":"ab/+cd==","streamType":"IM","external":true},"replacing":"m0"}}}})";

constexpr const char* form_event = R"({"id":"e2","messageId":"m2","timestamp":5,
 "type":"SYMPHONYELEMENTSACTION","initiator":{"user":{"userId":131}},"payload":{"symphonyElementsAction":{
 "stream":{"streamId":"abcd","streamType":"ROOM"},"formMessageId":"m1","formId":"order",
 "formValues":{"action":"send","quantity":"3","days":["mon","tue"],"rows":[{"id":1}]}}}})";

std::string batch_of(const std::string& events) {
  return R"({"events":[)" + events + R"(],"ackId":"a1"})";
}

TEST(events_test, a_batch_is_filed_by_a_few_facts) {
  auto read = wire::read_events(answered(batch_of(std::string{message_event} + "," + form_event)));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->ack_id, "a1");
  ASSERT_EQ(read->events.size(), 2U);
  const auto& first = read->events[0];
  EXPECT_EQ(first.kind, event_kind::message_sent);
  EXPECT_EQ(first.key, "MESSAGESENT m1");
  EXPECT_EQ(first.stream, "ab_-cd");
  EXPECT_EQ(first.at, 1800000000123);
  EXPECT_EQ(first.initiator.value(), 130);
  EXPECT_EQ(first.body, message_event);
  EXPECT_EQ(read->events[1].key, "SYMPHONYELEMENTSACTION m2 131") << "two may answer one form";
}

TEST(events_test, rows_that_are_no_events_are_counted) {
  auto read = wire::read_events(
      answered(R"({"events":[null,{"id":"x"},7,{"type":"MESSAGESENT"}],"ackId":"a"})"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->unreadable, 2U);
  ASSERT_EQ(read->events.size(), 1U);
  EXPECT_EQ(read->events[0].key, "");
}

TEST(events_test, broken_characters_keep_no_batch_away) {
  auto read = wire::read_events(answered(batch_of("{\"type\":\"X\xff\",\"messageId\":\"m\"}")));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->events.size(), 1U);
  EXPECT_EQ(read->events[0].key, "X\xEF\xBF\xBD m");
}

TEST(events_test, a_time_beyond_all_clocks_is_none) {
  auto read =
      wire::read_events(answered(batch_of(R"({"type":"X","timestamp":9223372036854775807})")));
  EXPECT_EQ(read->events[0].at, 0);
}

TEST(events_test, an_idle_poll_is_an_empty_batch) {
  EXPECT_TRUE(wire::read_events(answered(R"({"events":[],"ackId":"a"})"))->events.empty());
  EXPECT_TRUE(wire::read_events(answered(R"({"ackId":"a"})"))->events.empty());
}

TEST(events_test, what_is_no_batch_is_a_failure_that_quotes_nothing) {
  for (const auto* body :
       {"", "{}", "<html>secret text</html>", R"({"events":[{"message":"secret text)",
        R"({"events":[]})", R"(["secret text"])"}) {
    auto read = wire::read_events(answered(body));
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().error, errc::protocol_error) << body;
    EXPECT_EQ(read.error().detail.find("secret text"), std::string::npos) << read.error().detail;
  }
  EXPECT_FALSE(wire::read_events(answered(R"({"code":400})", 400)));
}

TEST(events_test, a_message_is_read_whole) {
  auto read = wire::read_event(message_event);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, event_kind::message_sent);
  EXPECT_EQ(read->initiator.display_name, "Ada L");
  EXPECT_EQ(read->initiator.username, "ada");
  EXPECT_EQ(read->stream.id.text(), "ab_-cd");
  EXPECT_EQ(read->stream.type, stream_type::im);
  EXPECT_TRUE(read->stream.external);
  EXPECT_EQ(read->message.id(), "m1");
  EXPECT_EQ(read->message.text(), "hi");
  EXPECT_EQ(read->message.replacing(), "m0");
  EXPECT_TRUE(read->is_edit());
  EXPECT_FALSE(read->is_new_message());
  EXPECT_THAT(read->message.attachments(), ElementsAre(attachment_info{"a%2F", "x.txt", 3}));
}

TEST(events_test, a_form_reply_is_read_whole) {
  auto read = wire::read_event(form_event);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->form.form_id, "order");
  EXPECT_EQ(read->form.message_id, "m1");
  EXPECT_EQ(read->form.action, "send");
  EXPECT_EQ(read->form.value("quantity"), "3");
  EXPECT_EQ(read->form.value("none"), "");
  EXPECT_THAT(read->form.values, ElementsAre(Pair("quantity", ElementsAre("3")),
                                             Pair("days", ElementsAre("mon", "tue")),
                                             Pair("rows", ElementsAre(R"({"id":1})"))));
}

TEST(events_test, every_kind_has_a_word_that_is_read_back) {
  for (std::size_t i = 0; i < event_kind_count; ++i) {
    auto kind = static_cast<event_kind>(i);
    EXPECT_EQ(read_event_kind(to_string(kind)), kind);
  }
  EXPECT_EQ(read_event_kind("SOMETHINGNEW"), event_kind::other);
}

TEST(events_test, an_unknown_event_is_kept_with_its_payload) {
  auto read = wire::read_event(
      R"({"type":"SOMETHINGNEW","messageId":"m","payload":{"somethingNew":{"stream":{"streamId":"abcd"}}}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->kind, event_kind::other);
  EXPECT_EQ(read->type, "SOMETHINGNEW");
  EXPECT_EQ(read->stream.id.text(), "abcd");
  EXPECT_EQ(read->payload, R"({"somethingNew":{"stream":{"streamId":"abcd"}}})");
}

TEST(events_test, a_message_that_the_agent_could_not_read_survives) {
  auto read = wire::read_event(
      R"({"type":"MESSAGESENT","payload":{"messageSent":{"message":{"messageId":"m","diagnostic":"no key"}}}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->message.diagnostic(), "no key");
  EXPECT_EQ(read->message.text(), "");
}

TEST(events_test, members_who_joined_and_those_of_an_im_are_affected) {
  auto joined = wire::read_event(
      R"({"type":"USERJOINEDROOM","payload":{"userJoinedRoom":{"stream":{"streamId":"abcd"},"affectedUser":{"userId":5}}}})");
  ASSERT_EQ(joined->affected.size(), 1U);
  EXPECT_EQ(joined->affected[0].id.value(), 5);
  auto opened = wire::read_event(
      R"({"type":"INSTANTMESSAGECREATED","payload":{"instantMessageCreated":{"stream":{"streamId":"abcd","members":[{"userId":5},{"userId":6}]}}}})");
  EXPECT_EQ(opened->affected.size(), 2U);
}

} // namespace
