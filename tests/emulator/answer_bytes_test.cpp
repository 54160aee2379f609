#include <emulator/server/answer_bytes.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti::emulator;
namespace http = boost::beast::http;

struct shape {
  http::status status;
  unsigned version;
  bool keep_alive;
  bool chunked;
  std::string body;
};

response_type response_of(const shape& one) {
  response_type made{one.status, one.version};
  made.keep_alive(one.keep_alive);
  made.set(http::field::server, "tutti-pod");
  made.body() = one.body;
  made.prepare_payload();
  if (one.chunked)
    made.chunked(true);
  return made;
}

/// As a client reads it; nothing when it is not whole.
std::optional<response_type> read(const std::string& bytes) {
  http::response_parser<http::string_body> parser;
  parser.eager(true);
  boost::system::error_code error;
  auto taken = parser.put(boost::asio::buffer(bytes), error);
  if (error || !parser.is_done() || taken != bytes.size())
    return std::nullopt;
  return parser.release();
}

TEST(answer_bytes_test, a_client_reads_what_was_meant) {
  for (auto status : {http::status::ok, http::status::no_content, http::status::bad_gateway,
                      static_cast<http::status>(599)})
    for (auto version : {10U, 11U})
      for (auto keep_alive : {false, true})
        for (auto chunked : {false, true})
          for (const auto* body : {"", R"({"id":"x"})"}) {
            auto bare = status == http::status::no_content;
            if ((bare && (*body || chunked)) || (chunked && version == 10))
              continue;
            auto meant = shape{status, version, keep_alive, chunked, body};
            auto bytes = bytes_of(response_of(meant));
            auto got = read(bytes);
            ASSERT_TRUE(got) << bytes;
            EXPECT_EQ(got->result(), status) << bytes;
            EXPECT_EQ(got->version(), version) << bytes;
            EXPECT_EQ(got->keep_alive(), keep_alive) << bytes;
            EXPECT_EQ((*got)[http::field::server], "tutti-pod") << bytes;
            EXPECT_EQ(got->body(), body) << bytes;
          }
}

TEST(answer_bytes_test, a_cut_answer_is_not_whole) {
  fault wrong;
  wrong.cut = true;
  for (auto chunked : {false, true})
    EXPECT_FALSE(
        read(bytes_of(response_of({http::status::ok, 11, true, chunked, "0123456789"}), wrong)));
}

} // namespace
