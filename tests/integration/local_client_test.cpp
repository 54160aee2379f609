// Calls to services beside the bot.
#include <tests/support/local_client_fixture.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>

#include <thread>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

using local_client_test = local_client_fixture;

TEST_F(local_client_test, asks_and_gets_what_was_answered) {
  local_request seen;
  const auto url = serve([&](const local_request& request, local_server::respond respond) {
    seen = request;
    respond({201, std::string(100'000, 'x'), "text/plain", {}});
  });
  local_client client{*running};
  auto call = to(url + "/price?of=VOD", R"({"a":1})");
  call.headers.emplace_back("Authorization", "Bearer secret");
  auto reply = client.send(std::move(call)).get();
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(reply->status, 201);
  EXPECT_EQ(reply->content_type, "text/plain");
  EXPECT_EQ(reply->body.size(), 100'000U);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.path, "/price");
  EXPECT_EQ(seen.query.at("of"), "VOD");
  EXPECT_EQ(seen.authorization, "Bearer secret");
  EXPECT_EQ(seen.body, R"({"a":1})");
}

TEST_F(local_client_test, refuses_what_is_no_url_or_no_http) {
  local_client client{*running};
  for (const auto* url :
       {"", "nonsense", "/path", "https://127.0.0.1/", "http://", "http://me:secret@127.0.0.1/"}) {
    auto reply = client.send(to(url)).get();
    ASSERT_FALSE(reply) << url;
    EXPECT_EQ(reply.error().error, errc::misconfigured) << url;
  }
  EXPECT_THAT(local_client::flaw_of("https://host/x"), HasSubstr("proxy"));
}

TEST_F(local_client_test, what_goes_wrong_is_told_apart) {
  local_client client{*running};
  const auto away = "http://127.0.0.1:" + closed_port();
  EXPECT_EQ(client.send(to(away)).get().error().error, errc::unreachable);
  std::vector<local_server::respond> kept;
  const auto url = serve([&](const local_request& request, local_server::respond respond) {
    if (request.path == "/silent")
      kept.push_back(std::move(respond));
    else
      respond({200, std::string(3'000'000, 'x'), "text/plain", {}});
  });
  auto silent = to(url + "/silent");
  silent.timeout = 100ms;
  EXPECT_EQ(client.send(std::move(silent)).get().error().error, errc::deadline_exceeded);
  const auto much = client.send(to(url + "/much")).get();
  EXPECT_EQ(much.error().error, errc::protocol_error);
  EXPECT_THAT(much.error().detail, HasSubstr("1048576"));
}

TEST_F(local_client_test, one_that_is_stopped_fails_all) {
  std::vector<local_server::respond> kept;
  const auto url = serve([&](const local_request&, local_server::respond respond) {
    kept.push_back(std::move(respond));
  });
  local_client client{*running};
  auto under_way = client.send(to(url));
  std::this_thread::sleep_for(50ms);
  client.stop();
  EXPECT_EQ(under_way.get().error().error, errc::shutting_down);
  EXPECT_EQ(client.send(to(url)).get().error().error, errc::shutting_down);
}

/// One answer in parts, each when it is asked for.
class slow_service {
public:
  slow_service() : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {}
  std::string url() const {
    return "http://localhost:" + std::to_string(acceptor_.local_endpoint().port());
  }
  void accept() {
    socket_ = acceptor_.accept();
    boost::asio::read_until(socket_, boost::asio::dynamic_buffer(request_), "\r\n\r\n");
    write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
  }
  void write(std::string_view text) {
    boost::asio::write(socket_, boost::asio::buffer(text.data(), text.size()));
  }
  void close() { socket_.close(); }

private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::tcp::socket socket_{io_};
  std::string request_;
};

TEST_F(local_client_test, an_answer_is_read_as_it_comes) {
  slow_service model;
  local_client client{*running};
  auto opened = client.open(to(model.url()));
  model.accept();
  auto stream = opened.get();
  ASSERT_TRUE(stream) << stream.error().detail;
  EXPECT_EQ(stream->status(), 200);
  EXPECT_EQ(stream->content_type(), "text/event-stream");
  model.write("3\r\none\r\n");
  EXPECT_EQ(*stream->next().get(), "one");
  auto waits = stream->next();
  EXPECT_FALSE(waits.wait_for(50ms));
  model.write("3\r\ntwo\r\n");
  EXPECT_EQ(*waits.get(), "two");
  model.write("0\r\n\r\n");
  EXPECT_EQ(*stream->next().get(), "");
  EXPECT_EQ(*stream->next().get(), "");
}

TEST_F(local_client_test, an_answer_that_is_cut_is_no_end) {
  slow_service model;
  local_client client{*running};
  auto opened = client.open(to(model.url()));
  model.accept();
  auto stream = opened.get();
  ASSERT_TRUE(stream);
  model.write("5\r\non");
  EXPECT_EQ(*stream->next().get(), "on");
  model.close();
  EXPECT_EQ(stream->next().get().error().error, errc::protocol_error);
}

} // namespace
