#include <plugins/local/request_reader.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <string_view>

namespace {

using namespace tutti;

struct reading {
  boost::beast::flat_buffer in{request_reader::max_buffer};
  request_reader reader;

  explicit reading(std::size_t max_body = 1024) : reader(max_body) {}

  /// As a connection does: no more than the buffer has room for. True: nothing more is needed.
  bool give(std::string_view bytes) {
    while (!bytes.empty()) {
      auto size = std::min(bytes.size(), in.max_size() - in.size());
      std::memcpy(in.prepare(size).data(), bytes.data(), size);
      in.commit(size);
      bytes.remove_prefix(size);
      if (reader.read(in))
        return true;
    }
    return false;
  }

  int status() const { return reader.refusal() ? reader.refusal()->status : 200; }
};

int status_of(std::string_view bytes) {
  reading one;
  EXPECT_TRUE(one.give(bytes)) << bytes.substr(0, 80);
  return one.status();
}

const std::string head = "POST /x?a=b HTTP/1.1\r\nHost: localhost\r\n";

TEST(request_reader, reads_a_request_byte_by_byte) {
  reading one;
  const std::string bytes = head + "Authorization: Bearer t\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i)
    ASSERT_FALSE(one.give(bytes.substr(i, 1))) << i;
  ASSERT_TRUE(one.give(bytes.substr(bytes.size() - 1)));
  ASSERT_EQ(one.status(), 200);
  EXPECT_EQ(one.reader.request().path, "/x");
  EXPECT_EQ(one.reader.request().query.at("a"), "b");
  EXPECT_EQ(one.reader.request().authorization, "Bearer t");
  EXPECT_EQ(one.reader.request().body, "abc");
  EXPECT_EQ(one.reader.host(), "localhost");
  EXPECT_TRUE(one.reader.keep_alive());
}

TEST(request_reader, leaves_the_next_request_in_the_buffer) {
  reading one;
  ASSERT_TRUE(one.give("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTTP/1.1\r\n"));
  EXPECT_EQ(one.in.size(), std::strlen("GET /next HTTP/1.1\r\n"));
}

TEST(request_reader, reads_chunks_with_trailers) {
  reading one;
  ASSERT_TRUE(one.give(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n"
                              "Authorization: Bearer of-the-trailer\r\n\r\n"));
  ASSERT_EQ(one.status(), 200);
  EXPECT_EQ(one.reader.request().body, "abc");
  EXPECT_EQ(one.reader.request().authorization, "") << "a trailer is no field of the head";
}

TEST(request_reader, refuses_what_two_readers_could_end_at_different_places) {
  for (const auto* fields :
       {"Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: -1\r\n",
        "Content-Length: 3, 3x\r\n"})
    EXPECT_EQ(status_of(head + fields + "\r\n"), 400) << fields;
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(request_reader, demands_one_host_of_a_client_of_1_1) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 200);
}

TEST(request_reader, bounds_the_head) {
  EXPECT_EQ(status_of(head + "X: " + std::string(9'000, 'x')), 431);
  EXPECT_EQ(status_of("GET /" + std::string(9'000, 'x')), 431);
}

TEST(request_reader, bounds_the_body) {
  EXPECT_EQ(status_of(head + "Content-Length: 1024\r\n\r\n" + std::string(1024, 'x')), 200);
  EXPECT_EQ(status_of(head + "Content-Length: 1025\r\n\r\n"), 413);
  EXPECT_EQ(status_of(head + "Transfer-Encoding: chunked\r\n\r\n401\r\n" + std::string(1025, 'x')),
            413);
}

TEST(request_reader, bounds_what_stands_behind_the_head) {
  const auto chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status_of(chunked + "0\r\nX: " + std::string(100'000, 'x')), 431) << "one trailer";
  EXPECT_EQ(status_of(chunked + "1;" + std::string(100'000, 'x')), 431) << "a chunk's extension";
  EXPECT_GE(status_of(chunked + std::string(100'000, '0')), 400) << "a chunk's size";
  std::string fields;
  while (fields.size() < 100'000)
    fields += "X: y\r\n";
  EXPECT_EQ(status_of(chunked + "0\r\n" + fields), 431) << "many trailers";
  std::string chunks;
  while (chunks.size() < 500'000)
    chunks += "1;" + std::string(2'000, 'x') + "\r\ny\r\n";
  EXPECT_EQ(status_of(chunked + chunks), 413) << "many small chunks";
}

TEST(request_reader, says_once_that_the_client_waits) {
  reading one;
  EXPECT_FALSE(one.give(head + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_TRUE(one.reader.wants_go_on());
  EXPECT_FALSE(one.reader.wants_go_on());
  EXPECT_TRUE(one.give("hi"));
  EXPECT_FALSE(one.reader.wants_go_on());
}

} // namespace
