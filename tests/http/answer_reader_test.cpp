// Bounds of what a host may send; tests/fuzz/http_answer.cpp has the rest.
#include <actors/http/answer_reader.hpp>

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

  http::answer_reader reader{1024};
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

TEST_F(answer_reader_test, what_is_kept_of_a_head_is_short) {
  EXPECT_FALSE(hear("HTTP/1.1 400 Bad\r\nContent-Type: text/" + std::string(5000, 'x') +
                    "\r\nContent-Length: 0\r\n\r\n"));
  ASSERT_TRUE(reader.done());
  EXPECT_EQ(reader.take().content_type.size(), http::answer_parser::max_text);
}

} // namespace
