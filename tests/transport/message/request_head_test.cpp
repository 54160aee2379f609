#include <transport/client.hpp>
#include <transport/message/request_head.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace tutti;

std::string written(std::string_view headers, std::string_view body,
                    http_method method = http_method::post) {
  const transport::request_head head{{"http", "pod", 8080, "/gateway"}};
  std::string text;
  head.write(text, {.to = service::pod,
                    .method = method,
                    .target = "/pod/x",
                    .headers = headers,
                    .body = body,
                    .content_type_given = transport::has_content_type(headers)});
  return text;
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1))
    ++found;
  return found;
}

TEST(request_head, says_what_every_request_says) {
  EXPECT_EQ(written("sessionToken: T\r\n", "[1]"),
            "POST /gateway/pod/x HTTP/1.1\r\nHost: pod:8080\r\nAccept: application/json\r\n"
            "Accept-Encoding: identity\r\nUser-Agent: tutti\r\nsessionToken: T\r\n"
            "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n[1]");
}

TEST(request_head, of_a_body_the_caller_s_content_type_counts) {
  for (const auto* own : {"Content-Type: text/plain\r\n", "content-type: text/plain\r\n",
                          "X-A: a\r\nCONTENT-TYPE: text/plain\r\nX-B: b\r\n"}) {
    auto text = written(own, "words");
    EXPECT_EQ(count(text, "application/json"), 1U) << text; // That of Accept.
    EXPECT_EQ(count(text, "text/plain"), 1U) << text;
  }
  // A header that only looks like it.
  EXPECT_EQ(count(written("X-Content-Type: a\r\n", "{}"), "Content-Type: application/json"), 1U);
  EXPECT_EQ(count(written("X-A: Content-Type:\r\n", "{}"), "Content-Type: application/json"), 1U);
}

TEST(request_head, without_a_body_there_is_none) {
  EXPECT_EQ(count(written("", "", http_method::get), "Content-"), 0U);
  EXPECT_EQ(count(written("", ""), "Content-Length: 0\r\n"), 1U);
}

} // namespace
