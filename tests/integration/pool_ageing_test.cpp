// Which connections the pool trusts: those of many that died while they were idle, and old ones.
#include <transport/pool.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <list>
#include <map>
#include <sys/resource.h>
#include <thread>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

/// Serves any number of connections, a thread each, and treats as `old` says those that have
/// answered a request before.
class ageing_host {
public:
  enum class old_ones { answer, reset, swallow };

  ageing_host()
      : acceptor_(io_, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}),
        thread_([this] { accept(); }) {}

  ~ageing_host() {
    ended_ = true;
    boost::system::error_code ignored;
    tcp::socket{io_}.connect(acceptor_.local_endpoint(), ignored); // Wakes accept.
    thread_.join();
    for (auto& each : peers_)
      each.shutdown(tcp::socket::shutdown_both, ignored);
    for (auto& each : threads_)
      each.join();
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  /// Until this many requests have arrived, none is answered.
  void hold(int count) { held_ = count; }

  std::atomic<old_ones> old{old_ones::answer};
  std::atomic<int> accepted{0};
  std::atomic<int> swallowed{0};

private:
  void accept() {
    while (!ended_) {
      boost::system::error_code without_descriptors;
      tcp::socket fresh{io_};
      acceptor_.accept(fresh, without_descriptors);
      if (ended_)
        return;
      if (without_descriptors) {
        std::this_thread::sleep_for(1ms);
        continue;
      }
      auto& peer = peers_.emplace_back(std::move(fresh));
      ++accepted;
      threads_.emplace_back([this, &peer] { serve(peer); });
    }
  }

  void serve(tcp::socket& peer) {
    boost::system::error_code ec;
    boost::asio::streambuf request;
    for (auto first = true;; first = false) {
      request.consume(boost::asio::read_until(peer, request, "\r\n\r\n", ec));
      if (ec)
        return;
      if (!first && old == old_ones::reset) {
        peer.set_option(boost::asio::socket_base::linger{true, 0}, ec);
        peer.close(ec);
        return;
      }
      if (!first && old == old_ones::swallow) {
        ++swallowed;
        continue;
      }
      for (++arrived_; arrived_ < held_;)
        std::this_thread::sleep_for(1ms);
      boost::asio::write(
          peer, boost::asio::buffer(std::string{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"}),
          ec);
    }
  }

  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::atomic<bool> ended_{false};
  std::atomic<int> held_{0};
  std::atomic<int> arrived_{0};
  std::list<tcp::socket> peers_;
  std::list<std::thread> threads_;
  std::thread thread_;
};

class pool_ageing_test : public ::testing::Test, public transport::listener {
public:
  void use(http_config settings = {}) {
    std::array<host_config, service_count> hosts;
    hosts.fill({"http", "127.0.0.1", host.port(), "", 15s});
    pool = transport::make_pool(io, hosts, settings);
    pool->listen(this);
  }

  void completed(transport::exchange_id which, transport::outcome how) override {
    ended.emplace(which, std::move(how));
  }

  void get(transport::exchange_id which, bool fresh = false) {
    pool->send(which, {service::pod, http_method::get, "/x", "", "", nullptr, nullptr, fresh});
  }

  transport::outcome& wait_for(transport::exchange_id which) {
    while (!ended.contains(which)) {
      io.restart();
      io.run_one();
    }
    return ended.at(which);
  }

  /// So many idle connections.
  void open(int count) {
    host.hold(count);
    for (int i = 1; i <= count; ++i)
      get(next_++);
    for (auto i = next_ - static_cast<transport::exchange_id>(count); i < next_; ++i)
      ASSERT_TRUE(wait_for(i).answer);
    ASSERT_EQ(host.accepted, count);
  }

  void run_for(std::chrono::milliseconds time) {
    io.restart();
    io.run_for(time);
  }

  ageing_host host;
  boost::asio::io_context io{1};
  std::unique_ptr<transport::client> pool;
  std::map<transport::exchange_id, transport::outcome> ended;
  transport::exchange_id next_ = 1000;
};

TEST_F(pool_ageing_test, after_one_stale_connection_those_at_least_as_old_are_dropped) {
  use();
  open(16);
  host.old = ageing_host::old_ones::reset;
  get(1);
  EXPECT_FALSE(wait_for(1).answer);
  EXPECT_TRUE(ended.at(1).stale_connection);
  get(2);
  EXPECT_TRUE(wait_for(2).answer) << "the next one is not another stale one";
  EXPECT_EQ(host.accepted, 17);
}

TEST_F(pool_ageing_test, a_fresh_connection_is_opened_when_it_is_wanted) {
  use();
  open(2);
  host.old = ageing_host::old_ones::reset;
  get(1, true);
  EXPECT_TRUE(wait_for(1).answer);
  EXPECT_EQ(host.accepted, 3);
}

TEST_F(pool_ageing_test, connections_that_were_idle_with_one_that_swallows_are_suspected) {
  use();
  open(4);
  host.old = ageing_host::old_ones::swallow;
  get(1);
  run_for(50ms);
  EXPECT_FALSE(ended.contains(1));
  EXPECT_EQ(host.swallowed, 1);
  EXPECT_TRUE(pool->suspect(1));
  get(2);
  EXPECT_TRUE(wait_for(2).answer);
  EXPECT_EQ(host.accepted, 5);
  get(3, true);
  EXPECT_FALSE(pool->suspect(3)) << "on a fresh connection";
  EXPECT_FALSE(pool->suspect(4711)) << "unknown";
}

TEST_F(pool_ageing_test, a_connection_that_was_idle_for_long_is_closed_and_not_used) {
  http_config settings;
  settings.idle_timeout = 100ms;
  use(settings);
  open(2);
  run_for(30ms);
  get(1);
  EXPECT_TRUE(wait_for(1).answer);
  EXPECT_EQ(host.accepted, 2) << "it is young";
  std::this_thread::sleep_for(150ms);
  get(2);
  EXPECT_TRUE(wait_for(2).answer);
  EXPECT_EQ(host.accepted, 3);
}

TEST_F(pool_ageing_test, a_connection_past_its_time_to_live_is_replaced) {
  http_config settings;
  settings.time_to_live = 100ms;
  use(settings);
  open(1);
  get(1);
  EXPECT_TRUE(wait_for(1).answer);
  EXPECT_EQ(host.accepted, 1);
  std::this_thread::sleep_for(120ms);
  get(2);
  EXPECT_TRUE(wait_for(2).answer);
  EXPECT_EQ(host.accepted, 2);
}

TEST_F(pool_ageing_test, zero_keeps_connections_for_as_long_as_the_host_does) {
  http_config settings;
  settings.idle_timeout = settings.time_to_live = 0ms;
  use(settings);
  open(1);
  std::this_thread::sleep_for(50ms);
  get(1);
  EXPECT_TRUE(wait_for(1).answer);
  EXPECT_EQ(host.accepted, 1);
}

TEST_F(pool_ageing_test, once_renewed_nothing_goes_over_what_was_opened_before) {
  use();
  open(3);
  pool->reconnect(service::pod);
  get(1);
  EXPECT_TRUE(wait_for(1).answer);
  EXPECT_EQ(host.accepted, 4);
  get(2);
  EXPECT_TRUE(wait_for(2).answer);
  EXPECT_EQ(host.accepted, 4) << "the new one is kept";
}

/// Leaves the process room for so many more descriptors while it lives.
class few_descriptors {
public:
  explicit few_descriptors(rlim_t more) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const auto next = static_cast<rlim_t>(::dup(0));
    ::close(static_cast<int>(next));
    auto lowered = before_;
    lowered.rlim_cur = next + more;
    ::setrlimit(RLIMIT_NOFILE, &lowered);
  }
  ~few_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  few_descriptors(const few_descriptors&) = delete;
  few_descriptors& operator=(const few_descriptors&) = delete;

private:
  rlimit before_{};
};

TEST_F(pool_ageing_test, without_descriptors_a_request_waits_for_a_connection_that_is_there) {
  use();
  open(1);
  host.hold(0);
  const few_descriptors none{0};
  for (transport::exchange_id i = 1; i <= 20; ++i)
    get(i);
  for (transport::exchange_id i = 1; i <= 20; ++i)
    EXPECT_TRUE(wait_for(i).answer) << i;
  EXPECT_EQ(host.accepted, 1);
}

TEST_F(pool_ageing_test, without_descriptors_or_connections_the_want_is_named) {
  use();
  // UBSan looks at each new class once, and needs a descriptor to do so.
  get(2);
  EXPECT_TRUE(wait_for(2).answer);
  pool->reconnect(service::pod);
  const few_descriptors none{0};
  get(1);
  const auto& how = wait_for(1);
  ASSERT_FALSE(how.answer);
  EXPECT_EQ(how.answer.error().code, "descriptors");
  EXPECT_NE(how.answer.error().detail.find("no file descriptor is left"), std::string::npos)
      << how.answer.error().detail;
  EXPECT_NE(how.answer.error().detail.find("ulimit -n"), std::string::npos);
}

} // namespace
