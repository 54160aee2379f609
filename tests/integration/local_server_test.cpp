#include <tutti/local_server.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <thread>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http_1 = boost::beast::http;
using asio::ip::tcp;
using response = http_1::response<http_1::string_body>;

/// One connection to a server of this process.
class http_client {
public:
  explicit http_client(const local_server& to) : socket_(io_) {
    socket_.connect({asio::ip::address_v4::loopback(), to.port()});
  }

  void send(const std::string& target, const std::string& body = "") {
    http_1::request<http_1::string_body> made{http_1::verb::post, target, 11};
    made.set(http_1::field::host, "localhost");
    made.body() = body;
    made.prepare_payload();
    http_1::write(socket_, made);
  }

  void send_no_more() { socket_.shutdown(tcp::socket::shutdown_send); }

  void send_raw(const std::string& text) { asio::write(socket_, asio::buffer(text)); }

  response receive() {
    response answer;
    http_1::read(socket_, buffer_, answer);
    return answer;
  }

  response ask(const std::string& target, const std::string& body = "") {
    send(target, body);
    return receive();
  }

  /// Whether the server has closed it.
  bool closed() {
    boost::system::error_code error;
    char byte = 0;
    socket_.read_some(asio::buffer(&byte, 1), error);
    return error.failed();
  }

private:
  asio::io_context io_;
  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

std::unique_ptr<local_server> serve(local_server::handler handle,
                                    const local_server_options& options = {}) {
  return std::move(local_server::open(options, std::move(handle)).value());
}

/// A handler that leaves the answer to the test.
local_server::handler held_by(std::promise<local_server::respond>& asked) {
  return [&asked](const local_request&, local_server::respond respond) {
    asked.set_value(std::move(respond));
  };
}

TEST(local_server, hands_over_path_query_and_body) {
  auto server = serve([](const local_request& asked, const local_server::respond& respond) {
    respond({200,
             asked.method + " " + asked.path + " " + asked.query.at("a b") + asked.body,
             "text/plain",
             {{"X-More", "yes"}}});
  });
  http_client one{*server};
  auto answer = one.ask("/x/y?a%20b=c+d", "!");
  EXPECT_EQ(answer.body(), "POST /x/y c d!");
  EXPECT_EQ(answer["X-More"], "yes");
  EXPECT_EQ(one.ask("/x?a%20b=2").body(), "POST /x 2") << "the connection is kept";
}

TEST(local_server, an_answer_may_come_later_and_from_elsewhere) {
  std::promise<local_server::respond> asked;
  auto server = serve(held_by(asked));
  http_client one{*server};
  one.send("/");
  auto respond = asked.get_future().get();
  std::thread{[&] { respond({201, "late", "text/plain", {}}); }}.join();
  EXPECT_EQ(one.receive().result_int(), 201U);
}

TEST(local_server, a_request_nobody_answers_gets_500) {
  auto server = serve([](const local_request&, const local_server::respond&) {});
  EXPECT_EQ(http_client{*server}.ask("/").result_int(), 500U);
  auto throwing = serve([](const local_request&, const local_server::respond&) {
    throw std::runtime_error{"the handler's defect"};
  });
  EXPECT_EQ(http_client{*throwing}.ask("/").result_int(), 500U);
}

TEST(local_server, bodies_and_connections_are_bounded) {
  local_server_options options;
  options.max_body = 10;
  options.max_connections = 1;
  auto server = serve(
      [](const local_request&, const local_server::respond& respond) { respond({}); }, options);
  http_client one{*server};
  EXPECT_EQ(one.ask("/", "1234567890").result_int(), 200U);
  EXPECT_EQ(one.ask("/", "12345678901").result_int(), 413U);
}

TEST(local_server, one_connection_too_many_takes_the_place_of_an_idle_one) {
  local_server_options options;
  options.max_connections = 2;
  auto server = serve(
      [](const local_request&, const local_server::respond& respond) { respond({}); }, options);
  http_client first{*server};
  first.ask("/");
  http_client second{*server};
  second.ask("/");
  http_client third{*server};
  EXPECT_EQ(third.ask("/").result_int(), 200U);
  EXPECT_TRUE(first.closed());
  EXPECT_EQ(second.ask("/").result_int(), 200U);
}

TEST(local_server, one_connection_too_many_is_told_when_all_are_busy) {
  local_server_options options;
  options.max_connections = 1;
  std::promise<local_server::respond> asked;
  auto server = serve(held_by(asked), options);
  http_client one{*server};
  one.send("/");
  auto respond = asked.get_future().get();
  auto turned_away = http_client{*server}.receive();
  EXPECT_EQ(turned_away.result_int(), 503U);
  EXPECT_EQ(turned_away["Retry-After"], "1");
  respond({});
  EXPECT_EQ(one.receive().result_int(), 200U);
}

TEST(local_server, what_a_handler_throws_costs_no_connection) {
  local_server_options options;
  options.max_connections = 1;
  auto server = serve(
      [](const local_request& asked, const local_server::respond& respond) {
        if (asked.path == "/throw")
          throw 42;
        respond({});
      },
      options);
  http_client one{*server};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(one.ask("/throw").result_int(), 500U);
  EXPECT_EQ(one.ask("/").result_int(), 200U);
}

TEST(local_server, tells_a_cautious_client_to_go_on) {
  auto server = serve([](const local_request& asked, const local_server::respond& respond) {
    respond({200, asked.body, "text/plain", {}});
  });
  http_client one{*server};
  one.send_raw(
      "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(one.receive().result_int(), 100U);
  one.send_raw("hi");
  EXPECT_EQ(one.receive().body(), "hi");
}

TEST(local_server, a_silent_connection_is_closed) {
  local_server_options options;
  options.idle = 20ms;
  auto server = serve([](const local_request&, const local_server::respond&) {}, options);
  EXPECT_TRUE(http_client{*server}.closed());
}

TEST(local_server, stopping_lets_requests_under_way_end_and_closes_the_others) {
  std::promise<local_server::respond> asked;
  auto server = serve(held_by(asked));
  http_client idle{*server};
  http_client busy{*server};
  busy.send("/");
  auto respond = asked.get_future().get();
  std::thread stopping{[&] { server->stop(10s); }};
  EXPECT_TRUE(idle.closed());
  respond({200, "done", "text/plain", {}});
  EXPECT_EQ(busy.receive().body(), "done");
  stopping.join();
}

TEST(local_server, stopping_does_not_wait_longer_than_the_grace) {
  std::promise<local_server::respond> asked;
  auto server = serve(held_by(asked));
  http_client one{*server};
  one.send("/");
  auto respond = asked.get_future().get();
  server->stop(1ms);
  server.reset();
  respond({}); // Too late, and no harm.
  auto told = one.receive();
  EXPECT_EQ(told.result_int(), 503U);
  EXPECT_NE(told.body().find("shutting_down"), std::string::npos);
  EXPECT_TRUE(one.closed());
}

TEST(local_server, a_client_that_has_hung_up_gives_its_place_to_the_next) {
  local_server_options options;
  options.max_connections = 1;
  std::promise<local_server::respond> first;
  std::atomic<int> asked{0};
  auto server = serve(
      [&](const local_request&, local_server::respond respond) {
        if (asked++ == 0)
          first.set_value(std::move(respond));
        else
          respond({});
      },
      options);
  local_server::respond never_wanted;
  {
    http_client gone{*server};
    gone.send("/slow");
    never_wanted = first.get_future().get();
  }
  // The server may hear of the next client before it hears that the first has gone.
  for (int status = 503; status == 503;) {
    http_client next{*server};
    next.send("/");
    status = static_cast<int>(next.receive().result_int());
    EXPECT_TRUE(status == 200 || status == 503) << status;
  }
  never_wanted({});
}

TEST(local_server, a_client_that_only_sends_no_more_is_answered) {
  std::promise<local_server::respond> asked;
  auto server = serve(held_by(asked));
  http_client one{*server};
  one.send("/");
  one.send_no_more();
  asked.get_future().get()({201, "", "text/plain", {}});
  EXPECT_EQ(one.receive().result_int(), 201U);
}

TEST(local_server, a_wrong_token_costs_time_and_then_the_connection) {
  std::atomic<int> tries{0};
  auto server = serve([&](const local_request&, const local_server::respond& respond) {
    ++tries;
    respond({401, "", "text/plain", {}});
  });
  http_client one{*server};
  EXPECT_EQ(one.ask("/").result_int(), 401U);
  auto second = one.ask("/");
  EXPECT_EQ(second.result_int(), 401U);
  EXPECT_TRUE(second.keep_alive());
  EXPECT_EQ(tries, 2);
}

TEST(local_server, another_name_than_its_own_is_refused) {
  int asked = 0;
  auto server = serve([&](const local_request&, const local_server::respond& respond) {
    ++asked;
    respond({});
  });
  http_client one{*server};
  one.send_raw("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  EXPECT_EQ(one.receive().result_int(), 421U);
  EXPECT_TRUE(one.closed());
  EXPECT_EQ(asked, 0);
}

TEST(local_server, answers_that_come_while_it_ends_do_no_harm) {
  for (int round = 0; round < 50; ++round) {
    std::promise<local_server::respond> asked;
    auto server = serve(held_by(asked));
    http_client one{*server};
    one.send("/");
    auto respond = asked.get_future().get();
    std::latch both{2};
    std::thread elsewhere{[&] {
      both.arrive_and_wait();
      respond({200, std::string(1000, 'x'), "text/plain", {}});
    }};
    both.arrive_and_wait();
    server.reset();
    elsewhere.join();
  }
}

TEST(local_server, options_out_of_range_are_named) {
  auto flaw = [](auto change) {
    local_server_options options;
    change(options);
    return flaw_of(options);
  };
  EXPECT_EQ(flaw([](auto&) {}), "");
  EXPECT_NE(flaw([](auto& o) { o.max_body = 0; }).find("maxBody"), std::string::npos);
  EXPECT_NE(flaw([](auto& o) { o.max_body = 1'000'000'000'000'000; }).find("maxBody"),
            std::string::npos);
  EXPECT_NE(flaw([](auto& o) { o.max_connections = 0; }).find("maxConnections"), std::string::npos);
  EXPECT_NE(flaw([](auto& o) { o.max_connections = 1'000'000; }).find("maxConnections"),
            std::string::npos);
}

TEST(local_server, a_place_that_cannot_be_used_is_named) {
  auto server = serve([](const local_request&, const local_server::respond&) {});
  local_server_options options;
  options.port = server->port();
  auto taken =
      local_server::open(options, [](const local_request&, const local_server::respond&) {});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().error, errc::misconfigured);
  EXPECT_NE(taken.error().detail.find(std::to_string(server->port())), std::string::npos);
  options.address = "no address";
  EXPECT_FALSE(
      local_server::open(options, [](const local_request&, const local_server::respond&) {}));
}

TEST(local_server, knows_the_loopback) {
  for (const auto* address : {"127.0.0.1", "127.8.8.8", "::1"})
    EXPECT_TRUE(is_loopback(address)) << address;
  for (const auto* address : {"0.0.0.0", "::", "10.0.0.1", "localhost", ""})
    EXPECT_FALSE(is_loopback(address)) << address;
}

} // namespace
