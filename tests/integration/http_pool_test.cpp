#include <actors/http/pool.hpp>
#include <tests/support/desk.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <map>
#include <thread>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

/// Answers each connection with the given bytes, one after the other, then closes it.
class rude_host {
public:
  explicit rude_host(std::vector<std::string> answers)
      : acceptor_(io_, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()), thread_([this, answers] { serve(answers); }) {}

  ~rude_host() { thread_.join(); }

  std::uint16_t port() const { return port_; }

private:
  void serve(const std::vector<std::string>& answers) {
    for (const auto& answer : answers) {
      tcp::socket peer{io_};
      acceptor_.accept(peer);
      boost::system::error_code ignored;
      boost::asio::streambuf request;
      boost::asio::read_until(peer, request, "\r\n\r\n", ignored);
      boost::asio::write(peer, boost::asio::buffer(answer), ignored);
      peer.shutdown(tcp::socket::shutdown_both, ignored);
    }
  }

  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::thread thread_;
};

class http_pool_test : public ::testing::Test, public http::listener {
public:
  void use(std::uint16_t port, http_config settings = {}) {
    hosts.fill({"http", "127.0.0.1", port, ""});
    pool = http::make_pool(io, hosts, settings);
    pool->listen(this);
  }

  void completed(http::exchange_id which, http::outcome how) override {
    ended.emplace(which, std::move(how));
  }

  void get(http::exchange_id which, std::string_view target = "/x") {
    pool->send(which, {service::pod, http_method::get, target, "X-One: 1\r\n", ""});
  }

  const http::outcome& wait_for(http::exchange_id which) {
    while (!ended.contains(which)) {
      io.restart(); // Running out of work between two requests stops it.
      io.run_one();
    }
    return ended.at(which);
  }

  errc error_of(http::exchange_id which) {
    const auto& how = wait_for(which);
    return how.answer ? errc{} : how.answer.error().error;
  }

  boost::asio::io_context io{1};
  std::array<host_config, 4> hosts;
  std::unique_ptr<http::client> pool;
  std::map<http::exchange_id, http::outcome> ended;
};

TEST_F(http_pool_test, sends_and_receives_again_and_again_on_one_connection) {
  tutti::testing::desk pod;
  use(pod.serving.port());
  for (http::exchange_id i = 1; i <= 3; ++i) {
    get(i, "/pod/v2/sessioninfo");
    const auto& how = wait_for(i);
    ASSERT_TRUE(how.answer) << how.answer.error().detail;
    EXPECT_EQ(how.answer->status, 401);
    EXPECT_NE(how.answer->body.find("Invalid session"), std::string::npos);
    EXPECT_FALSE(how.answer->date.empty());
  }
}

TEST_F(http_pool_test, several_at_once) {
  tutti::testing::desk pod;
  use(pod.serving.port());
  for (http::exchange_id i = 1; i <= 20; ++i)
    get(i);
  for (http::exchange_id i = 1; i <= 20; ++i)
    EXPECT_EQ(wait_for(i).answer->status, 404);
}

TEST_F(http_pool_test, a_refused_connection_names_the_address) {
  use(1);
  get(1);
  EXPECT_EQ(error_of(1), errc::unreachable);
  EXPECT_NE(ended.at(1).answer.error().detail.find("127.0.0.1:1"), std::string::npos);
}

TEST_F(http_pool_test, a_name_nobody_has_is_unreachable) {
  hosts.fill({"http", "no-such-host.invalid", 80, ""});
  pool = http::make_pool(io, hosts, {});
  pool->listen(this);
  get(1);
  EXPECT_EQ(error_of(1), errc::unreachable);
  EXPECT_NE(ended.at(1).answer.error().detail.find("no-such-host.invalid"), std::string::npos);
}

TEST_F(http_pool_test, chunks_are_put_together) {
  rude_host host{
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"}};
  use(host.port());
  get(1);
  EXPECT_EQ(wait_for(1).answer->body, "abcde");
}

TEST_F(http_pool_test, a_body_may_end_with_the_connection) {
  rude_host host{{"HTTP/1.1 200 OK\r\n\r\nabc"}};
  use(host.port());
  get(1);
  EXPECT_EQ(wait_for(1).answer->body, "abc");
}

TEST_F(http_pool_test, an_interim_answer_is_not_the_answer) {
  rude_host host{{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}};
  use(host.port());
  get(1);
  EXPECT_EQ(wait_for(1).answer->body, "ok");
}

TEST_F(http_pool_test, answers_that_are_cut_short_or_no_http_are_protocol_errors) {
  rude_host host{{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "HTTP/1.1 200 O",
                  "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"}};
  use(host.port());
  for (http::exchange_id i = 1; i <= 4; ++i) {
    get(i);
    EXPECT_EQ(error_of(i), errc::protocol_error) << i;
  }
}

TEST_F(http_pool_test, an_answer_past_the_bound_is_a_protocol_error) {
  rude_host host{{"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(1'000, 'x')}};
  use(host.port(), {.max_body = 100});
  get(1);
  EXPECT_EQ(error_of(1), errc::protocol_error);
}

TEST_F(http_pool_test, a_connection_closed_without_an_answer_is_unreachable) {
  rude_host host{{""}};
  use(host.port());
  get(1);
  EXPECT_EQ(error_of(1), errc::unreachable);
  EXPECT_FALSE(ended.at(1).stale_connection);
}

TEST_F(http_pool_test, a_connection_closed_while_idle_is_replaced) {
  rude_host host{{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
                  "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"}};
  use(host.port());
  get(1);
  EXPECT_EQ(wait_for(1).answer->body, "a");
  io.restart();
  io.run(); // Ends when the pool has noticed: nothing is left to wait for.
  get(2);
  EXPECT_EQ(wait_for(2).answer->body, "b");
}

TEST_F(http_pool_test, retry_after_and_date_of_a_refusal_are_kept) {
  rude_host host{
      {"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nDate: today\r\nContent-Type: text/html\r\n"
       "Content-Length: 0\r\n\r\n"}};
  use(host.port());
  get(1);
  const auto& answer = *wait_for(1).answer;
  EXPECT_EQ(answer.retry_after, 7U);
  EXPECT_EQ(answer.date, "today");
  EXPECT_EQ(answer.content_type, "text/html");
}

TEST_F(http_pool_test, a_cancelled_exchange_is_not_completed_and_the_others_go_on) {
  tutti::testing::desk pod;
  pod.serving.set_service_time("/pod/v2/sessioninfo", 10s);
  use(pod.serving.port());
  get(1, "/pod/v2/sessioninfo");
  get(2);
  wait_for(2);
  pool->cancel(1);
  pool->cancel(1);
  pool->cancel(99);
  get(3);
  wait_for(3);
  EXPECT_FALSE(ended.contains(1));
}

TEST_F(http_pool_test, a_pool_may_go_with_exchanges_under_way) {
  tutti::testing::desk pod;
  pod.serving.set_service_time("/pod/v2/sessioninfo", 10s);
  use(pod.serving.port());
  get(1, "/pod/v2/sessioninfo");
  get(2);
  wait_for(2);
  pool.reset();
  io.run();
  EXPECT_FALSE(ended.contains(1));
}

} // namespace
