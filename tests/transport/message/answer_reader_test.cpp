// Bounds of what a host may send; tests/fuzz/http_answer.cpp has the rest.
#include <transport/message/answer_reader.hpp>

#include <gtest/gtest.h>

#include <cstring>

namespace {

using namespace tutti;
namespace beast_http = boost::beast::http;

struct answer_reader_test : testing::Test {
  answer_reader_test() { reader.expect(); }

  boost::system::error_code hear(std::string_view bytes) {
    std::memcpy(in.prepare(bytes.size()).data(), bytes.data(), bytes.size());
    in.commit(bytes.size());
    boost::system::error_code ec;
    reader.read(in, ec);
    return ec;
  }

  transport::answer_reader reader{1024};
  boost::beast::flat_buffer in;
};

TEST_F(answer_reader_test, an_interim_answer_is_passed_over) {
  EXPECT_FALSE(hear("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
  ASSERT_TRUE(reader.done());
  EXPECT_EQ(reader.take().body, "{}");
}

TEST_F(answer_reader_test, a_host_that_ends_after_an_interim_answer_has_not_answered) {
  EXPECT_FALSE(hear("HTTP/1.1 100 Continue\r\n\r\nH"));
  boost::system::error_code ec;
  reader.end(ec);
  EXPECT_TRUE(ec);
}

TEST_F(answer_reader_test, a_head_without_end_is_refused) {
  EXPECT_FALSE(hear("HTTP/1.1 200 OK\r\n"));
  auto line = "X: " + std::string(1000, 'x') + "\r\n";
  boost::system::error_code ec;
  for (int i = 0; i < 100 && !ec; ++i)
    ec = hear(line);
  EXPECT_EQ(ec, beast_http::error::header_limit);
}

TEST_F(answer_reader_test, a_chunk_line_without_end_is_refused) {
  EXPECT_FALSE(hear("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;"));
  boost::system::error_code ec;
  for (int i = 0; i < 200 && !ec; ++i)
    ec = hear(std::string(1000, 'x'));
  EXPECT_TRUE(ec);
  EXPECT_LE(in.size(), (std::size_t{128} << 10) + 1000);
}

TEST_F(answer_reader_test, a_body_past_the_limit_is_refused_by_its_length_and_by_its_bytes) {
  EXPECT_EQ(hear("HTTP/1.1 200 OK\r\nContent-Length: 1025\r\n\r\n"), beast_http::error::body_limit);
  reader.expect();
  in.clear();
  EXPECT_EQ(
      hear("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n401\r\n" + std::string(1025, 'x')),
      beast_http::error::body_limit);
}

TEST_F(answer_reader_test, a_status_line_may_end_with_the_status) {
  const std::string whole = "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}";
  EXPECT_FALSE(hear(whole));
  ASSERT_TRUE(reader.done());
  EXPECT_EQ(reader.status(), 200);
  EXPECT_EQ(reader.take().body, "{}");
  reader.expect(); // However it is cut into pieces, behind an interim answer, too.
  for (char c : "HTTP/1.1 100\r\n\r\n" + whole)
    EXPECT_FALSE(hear({&c, 1}));
  ASSERT_TRUE(reader.done());
  EXPECT_EQ(reader.take().body, "{}");
}

TEST_F(answer_reader_test, a_complaint_knows_whether_it_was_http_at_all) {
  EXPECT_TRUE(hear("HTTP/1.1 200 OK\r\nbad field\r\n\r\n"));
  EXPECT_TRUE(reader.begins_like_http());
  reader.expect();
  in.clear();
  EXPECT_TRUE(hear("\x15\x03\x01\x02\x02\x02 an alert\r\n\r\n"));
  EXPECT_FALSE(reader.begins_like_http());
}

TEST_F(answer_reader_test, an_answer_to_connect_ends_with_its_head) {
  reader.expect(true);
  EXPECT_FALSE(hear("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Connection established\r\n"
                    "Content-Length: 5\r\n\r\n"));
  ASSERT_TRUE(reader.done());
  EXPECT_EQ(reader.status(), 200);
  reader.expect(true);
  EXPECT_FALSE(hear("HTTP/1.1 407 No Such User\r\nProxy-Authenticate: Basic realm=x\r\n\r\n"));
  ASSERT_TRUE(reader.done());
  EXPECT_EQ(reader.reason(), "No Such User");
}

TEST_F(answer_reader_test, the_schemes_a_proxy_offers_may_stand_in_one_field) {
  EXPECT_FALSE(
      hear("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate, basic realm=\"x\", charset=utf-8\r\n"
           "Proxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n"));
  ASSERT_TRUE(reader.done());
  EXPECT_EQ(reader.offers(), "Negotiate, basic, NTLM");
  EXPECT_TRUE(reader.basic_challenge());
}

TEST_F(answer_reader_test, fields_of_a_trailer_count_for_nothing) {
  EXPECT_FALSE(hear("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
                    "Retry-After: 9\r\nContent-Encoding: br\r\n\r\n"));
  ASSERT_TRUE(reader.done());
  EXPECT_TRUE(reader.encoding().empty());
  EXPECT_FALSE(reader.take().retry_after);
}

TEST_F(answer_reader_test, framing_in_a_trailer_is_refused) {
  for (const auto* field : {"Content-Length: 2", "Transfer-Encoding: chunked"}) {
    reader.expect();
    in.clear();
    EXPECT_TRUE(hear(std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}"
                                 "\r\n0\r\n"} +
                     field + "\r\n\r\n"))
        << field;
  }
}

TEST_F(answer_reader_test, where_a_redirect_leads_is_kept) {
  EXPECT_FALSE(hear("HTTP/1.1 301 Moved\r\nLocation: https://pod/x\r\nContent-Length: 0\r\n\r\n"));
  ASSERT_TRUE(reader.done());
  EXPECT_EQ(reader.take().location, "https://pod/x");
}

TEST_F(answer_reader_test, what_is_kept_of_a_head_is_short) {
  EXPECT_FALSE(hear("HTTP/1.1 400 Bad\r\nContent-Type: text/" + std::string(5000, 'x') +
                    "\r\nContent-Length: 0\r\n\r\n"));
  ASSERT_TRUE(reader.done());
  EXPECT_EQ(reader.take().content_type.size(), transport::answer_parser::max_text);
}

} // namespace
