#include <tests/support/pod_fixture.hpp>
#include <transport/pool.hpp>

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

/// Accepts one connection after the other; on each it answers so many requests with the given bytes
/// and then closes it.
class rude_host {
public:
  using connection = std::vector<std::string>;

  explicit rude_host(std::vector<connection> connections)
      : acceptor_(io_, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()), thread_([this, connections] {
          for (const auto& answers : connections)
            serve(answers);
        }) {}

  ~rude_host() { thread_.join(); }

  std::uint16_t port() const { return port_; }

private:
  void serve(const connection& answers) {
    tcp::socket peer{io_};
    acceptor_.accept(peer);
    boost::system::error_code ignored;
    boost::asio::streambuf request;
    for (const auto& answer : answers) {
      request.consume(boost::asio::read_until(peer, request, "\r\n\r\n", ignored));
      boost::asio::write(peer, boost::asio::buffer(answer), ignored);
    }
    peer.shutdown(tcp::socket::shutdown_both, ignored);
  }

  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::thread thread_;
};

/// Each answer on a connection of its own.
std::vector<rude_host::connection> apart(const std::vector<std::string>& answers) {
  std::vector<rude_host::connection> connections;
  for (const auto& each : answers)
    connections.emplace_back(1, each);
  return connections;
}

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class http_pool_test : public ::testing::Test, public transport::listener {
public:
  void use(std::uint16_t port, http_config settings = {},
           std::chrono::milliseconds connect_timeout = std::chrono::seconds{15}) {
    hosts.fill({"http", "127.0.0.1", port, "", connect_timeout});
    pool = transport::make_pool(io, hosts, settings);
    pool->listen(this);
  }

  void completed(transport::exchange_id which, transport::outcome how) override {
    ended.emplace(which, std::move(how));
  }

  void get(transport::exchange_id which, std::string_view target = "/x") {
    pool->send(which, {service::pod, http_method::get, target, "X-One: 1\r\n", ""});
  }

  const transport::outcome& wait_for(transport::exchange_id which) {
    while (!ended.contains(which)) {
      io.restart(); // Running out of work between two requests stops it.
      io.run_one();
    }
    return ended.at(which);
  }

  errc error_of(transport::exchange_id which) {
    const auto& how = wait_for(which);
    return how.answer ? errc{} : how.answer.error().error;
  }

  boost::asio::io_context io{1};
  std::array<host_config, service_count> hosts;
  std::unique_ptr<transport::client> pool;
  std::map<transport::exchange_id, transport::outcome> ended;
};

TEST_F(http_pool_test, one_connection_serves_one_request_after_the_other) {
  rude_host host{{rude_host::connection{ok("a"), ok("b"), ok("c")}}}; // It accepts only once.
  use(host.port());
  const std::vector<std::string> bodies{"a", "b", "c"};
  for (transport::exchange_id i = 1; i <= 3; ++i) {
    get(i);
    ASSERT_TRUE(wait_for(i).answer);
    EXPECT_EQ(ended.at(i).answer->body, bodies[i - 1]);
  }
}

TEST_F(http_pool_test, a_connection_that_dies_under_its_second_request_is_told_as_stale) {
  rude_host host{{rude_host::connection{ok("a"), ""}}};
  use(host.port());
  get(1);
  wait_for(1);
  get(2);
  EXPECT_EQ(error_of(2), errc::unreachable);
  EXPECT_TRUE(ended.at(2).stale_connection);
}

TEST_F(http_pool_test, a_connection_the_host_wants_closed_is_not_used_again) {
  rude_host host{
      apart({"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na", ok("b")})};
  use(host.port());
  get(1);
  EXPECT_EQ(wait_for(1).answer->body, "a");
  get(2);
  EXPECT_EQ(wait_for(2).answer->body, "b");
}

TEST_F(http_pool_test, a_host_that_does_not_accept_is_given_up_after_the_connect_timeout) {
  // With no room behind accept, the kernel leaves further connections without an answer.
  boost::asio::io_context other;
  tcp::acceptor full{other};
  full.open(tcp::v4());
  full.bind({boost::asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  std::vector<tcp::socket> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.emplace_back(other);
    waiting.back().async_connect(full.local_endpoint(), [](boost::system::error_code) {});
  }
  other.poll();
  use(full.local_endpoint().port(), {}, 50ms);
  get(1);
  EXPECT_EQ(error_of(1), errc::unreachable);
  EXPECT_NE(ended.at(1).answer.error().detail.find("50 ms"), std::string::npos);
}

TEST_F(http_pool_test, several_at_once) {
  tutti::testing::pod_fixture pod;
  use(pod.serving.port());
  for (transport::exchange_id i = 1; i <= 20; ++i)
    get(i);
  for (transport::exchange_id i = 1; i <= 20; ++i)
    EXPECT_EQ(wait_for(i).answer->status, 404);
}

TEST_F(http_pool_test, a_refused_connection_names_the_address) {
  auto port = tutti::testing::closed_port();
  use(port);
  get(1);
  EXPECT_EQ(error_of(1), errc::unreachable);
  EXPECT_NE(ended.at(1).answer.error().detail.find("127.0.0.1:" + std::to_string(port)),
            std::string::npos);
}

TEST_F(http_pool_test, a_name_nobody_has_is_unreachable) {
  // No label of a name may be that long: the resolver refuses it without asking anybody.
  const std::string name(64, 'x');
  hosts.fill({"http", name, 80, ""});
  pool = transport::make_pool(io, hosts, {});
  pool->listen(this);
  get(1);
  EXPECT_EQ(error_of(1), errc::unreachable);
  EXPECT_NE(ended.at(1).answer.error().detail.find(name), std::string::npos);
}

TEST_F(http_pool_test, chunks_are_put_together) {
  rude_host host{apart(
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"})};
  use(host.port());
  get(1);
  EXPECT_EQ(wait_for(1).answer->body, "abcde");
}

TEST_F(http_pool_test, a_body_may_end_with_the_connection) {
  rude_host host{apart({"HTTP/1.1 200 OK\r\n\r\nabc"})};
  use(host.port());
  get(1);
  EXPECT_EQ(wait_for(1).answer->body, "abc");
}

TEST_F(http_pool_test, an_interim_answer_is_not_the_answer) {
  rude_host host{
      apart({"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"})};
  use(host.port());
  get(1);
  EXPECT_EQ(wait_for(1).answer->body, "ok");
}

TEST_F(http_pool_test, answers_that_are_cut_short_or_no_http_are_protocol_errors) {
  rude_host host{
      apart({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "HTTP/1.1 200 O",
             "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"})};
  use(host.port());
  for (transport::exchange_id i = 1; i <= 4; ++i) {
    get(i);
    EXPECT_EQ(error_of(i), errc::protocol_error) << i;
  }
}

TEST_F(http_pool_test, an_answer_past_the_bound_is_a_protocol_error) {
  rude_host host{
      apart({"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(1'000, 'x')})};
  use(host.port(), {.max_body = 100});
  get(1);
  EXPECT_EQ(error_of(1), errc::protocol_error);
}

TEST_F(http_pool_test, a_connection_closed_without_an_answer_is_unreachable) {
  rude_host host{apart({""})};
  use(host.port());
  get(1);
  EXPECT_EQ(error_of(1), errc::unreachable);
  EXPECT_FALSE(ended.at(1).stale_connection);
}

TEST_F(http_pool_test, a_connection_closed_while_idle_is_replaced) {
  rude_host host{apart({"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb"})};
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
      apart({"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nDate: today\r\nContent-Type: text/html\r\n"
             "Content-Length: 0\r\n\r\n"})};
  use(host.port());
  get(1);
  const auto& answer = *wait_for(1).answer;
  EXPECT_EQ(answer.retry_after, 7U);
  EXPECT_EQ(answer.date, "today");
  EXPECT_EQ(answer.content_type, "text/html");
}

TEST_F(http_pool_test, a_cancelled_exchange_is_not_completed_and_the_others_go_on) {
  tutti::testing::pod_fixture pod;
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
  tutti::testing::pod_fixture pod;
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
