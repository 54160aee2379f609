#include <wire/agent/messages.hpp>

#include <tutti/outgoing_message.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using ::testing::HasSubstr;

const auto here = *stream_id::make("abcd");

TEST(wire_messages_test, a_message_is_a_form_of_parts) {
  wire::form_content what;
  what.messageml = "<messageML>hi</messageML>";
  what.data = "{}";
  what.files = {{"a \"b\".txt", "text/plain", *attachment::bytes("a", "content").open()},
                {"empty.txt", "text/plain", *attachment::bytes("a", "").open()}};
  auto request = wire::create_message(here, what, "line");
  EXPECT_EQ(request.target, "/agent/v4/stream/abcd/message/create");
  EXPECT_EQ(request.headers, "Content-Type: multipart/form-data; boundary=line\r\n");
  EXPECT_FALSE(request.repeat_safe);
  EXPECT_EQ(request.body + *read_all(*request.rest),
            "--line\r\nContent-Disposition: form-data; name=\"message\"\r\n"
            "Content-Type: text/plain; charset=UTF-8\r\n\r\n<messageML>hi</messageML>\r\n"
            "--line\r\nContent-Disposition: form-data; name=\"data\"\r\n"
            "Content-Type: text/plain; charset=UTF-8\r\n\r\n{}\r\n"
            "--line\r\nContent-Disposition: form-data; name=\"attachment\"; "
            "filename=\"a \\\"b\\\".txt\"\r\nContent-Type: text/plain\r\n\r\ncontent\r\n"
            "--line\r\nContent-Disposition: form-data; name=\"attachment\"; "
            "filename=\"empty.txt\"\r\nContent-Type: text/plain\r\n\r\n\r\n--line--\r\n");
}

TEST(wire_messages_test, ids_are_encoded_in_paths_and_queries) {
  EXPECT_EQ(wire::attachment(here, "m/1", "a%2F").target,
            "/agent/v1/stream/abcd/attachment?fileId=a%252F&messageId=m%2F1");
  EXPECT_EQ(wire::list_messages(here, 5, std::nullopt, 1, 2).target,
            "/agent/v4/stream/abcd/message?since=5&skip=1&limit=2");
}

TEST(wire_messages_test, a_mark_is_found_again_whatever_else_is_in_the_data) {
  const auto other = wire::with_marker("", "other");
  for (const std::string data : {"", "{}", " { } ", R"({"0":{"type":"x"},"1":7})", other.c_str()}) {
    ASSERT_TRUE(wire::takes_marker(data));
    auto marked = wire::with_marker(data, "m\"1");
    EXPECT_TRUE(wire::has_marker(marked, "m\"1")) << marked;
    EXPECT_FALSE(wire::has_marker(marked, "m")) << marked;
  }
  EXPECT_TRUE(wire::has_marker(wire::with_marker(other, "m"), "other"));
  EXPECT_FALSE(wire::has_marker("{}", "m"));
  EXPECT_FALSE(wire::has_marker(R"({"tutti":7,"x":"tutti.marker"})", "m"));
  EXPECT_FALSE(wire::has_marker("tutti.marker", "m"));
}

TEST(wire_messages_test, data_that_is_a_text_takes_no_mark) {
  EXPECT_FALSE(wire::takes_marker(R"("{\"a\":1}")"));
}

http_response said(int status, std::string body) {
  http_response made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

TEST(wire_messages_test, refusals_keep_what_the_agent_says) {
  auto read = wire::read_sent("send", said(400, R"({"code":400,"message":"Invalid messageML"})"));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().error, errc::rejected);
  EXPECT_THAT(read.error().detail, HasSubstr("Invalid messageML"));
  EXPECT_EQ(wire::read_sent("send", said(451, "{}")).error().error, errc::rejected);
  EXPECT_EQ(wire::read_sent("send", said(200, "{}")).error().error, errc::protocol_error);
}

TEST(wire_messages_test, no_content_is_an_empty_list) {
  EXPECT_TRUE(wire::read_messages(said(204, ""))->empty());
  EXPECT_FALSE(wire::read_found(said(204, ""))->has_value());
  EXPECT_EQ(wire::read_messages(said(200, R"([{"messageId":"a"},{"messageId":"b"}])"))->size(), 2U);
}

TEST(wire_messages_test, a_blast_has_an_outcome_for_each_stream) {
  auto read = wire::read_blast(said(
      200,
      R"({"messages":[{"messageId":"m","stream":{"streamId":"abcd"}}],"errors":{"ef/g":{"code":403,"message":"no"}}})"));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->sent.size(), 1U);
  ASSERT_EQ(read->failed.size(), 1U);
  EXPECT_EQ(read->failed[0].first, "ef_g");
  EXPECT_EQ(read->failed[0].second.error, errc::not_entitled);
}

TEST(wire_messages_test, a_file_comes_as_base64) {
  EXPECT_EQ(*wire::read_attachment(said(200, "AP8=")), std::string("\0\xFF", 2));
  EXPECT_FALSE(wire::read_attachment(said(200, "?!")));
}

} // namespace
