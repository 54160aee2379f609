#include <transport/connect/connect_race.hpp>

#include <boost/asio/ip/v6_only.hpp>

#include <gtest/gtest.h>

#include <list>
#include <sys/socket.h>

namespace {

using namespace tutti::transport;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using endpoints = std::vector<tcp::endpoint>;

tcp::endpoint at(const char* address, std::uint16_t port = 443) {
  return {asio::ip::make_address(address), port};
}

TEST(in_order, takes_the_families_by_turns_beginning_with_that_of_the_first) {
  EXPECT_EQ(in_order({at("::1"), at("::2"), at("::3"), at("10.0.0.1"), at("10.0.0.2")}, {}),
            (endpoints{at("::1"), at("10.0.0.1"), at("::2"), at("10.0.0.2"), at("::3")}));
  EXPECT_EQ(in_order({at("10.0.0.1"), at("10.0.0.2"), at("::1")}, {}),
            (endpoints{at("10.0.0.1"), at("::1"), at("10.0.0.2")}));
  EXPECT_EQ(in_order({}, {}), endpoints{});
}

TEST(in_order, begins_with_the_one_that_worked_when_the_name_still_has_it) {
  EXPECT_EQ(in_order({at("10.0.0.1"), at("10.0.0.2"), at("10.0.0.3")}, at("10.0.0.3")),
            (endpoints{at("10.0.0.3"), at("10.0.0.1"), at("10.0.0.2")}));
  EXPECT_EQ(in_order({at("10.0.0.1"), at("10.0.0.2")}, at("10.0.0.9")),
            (endpoints{at("10.0.0.1"), at("10.0.0.2")}));
}

class connect_race_test : public ::testing::Test {
public:
  /// A listener; `full`: one that lets no SYN through any more.
  tcp::endpoint listener(const char* address, bool full = false) {
    auto& made = listeners.emplace_back(io, tcp::endpoint{asio::ip::make_address(address), 0});
    auto where = made.local_endpoint();
    if (full) {
      made.listen(0);
      for (int i = 0; i < 4; ++i) { // Linux takes one more than the backlog.
        auto& filler = fillers.emplace_back(io);
        filler.open(tcp::v4());
        filler.native_non_blocking(true);
        ::connect(filler.native_handle(), where.data(), static_cast<socklen_t>(where.size()));
      }
    }
    return where;
  }

  tcp::endpoint refusing(const char* address) {
    tcp::acceptor made{io, tcp::endpoint{asio::ip::make_address(address), 0}};
    return made.local_endpoint();
  }

  /// Runs a race to its end.
  void run(endpoints addresses) {
    auto began = std::chrono::steady_clock::now();
    race = std::make_shared<connect_race>(io, std::move(addresses),
                                          [&](auto ec, connect_race::socket&& won) {
                                            ++calls;
                                            error = ec;
                                            if (!ec)
                                              reached = won.remote_endpoint();
                                          });
    race->start();
    EXPECT_EQ(calls, 0) << "done is called later";
    io.run_for(10s);
    took = std::chrono::steady_clock::now() - began;
  }

  asio::io_context io;
  std::list<tcp::acceptor> listeners;
  std::list<tcp::socket> fillers;
  std::shared_ptr<connect_race> race;
  boost::system::error_code error;
  tcp::endpoint reached;
  int calls = 0;
  std::chrono::nanoseconds took{};
};

TEST_F(connect_race_test, one_address_that_answers) {
  auto where = listener("127.0.0.1");
  run({where});
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(error);
  EXPECT_EQ(reached, where);
  EXPECT_EQ(race->tried(), "127.0.0.1: connected");
}

TEST_F(connect_race_test, an_address_that_swallows_the_syn_costs_a_quarter_of_a_second) {
  auto silent = listener("127.0.0.1", true);
  auto good = listener("127.0.0.2");
  run({silent, good});
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(error);
  EXPECT_EQ(reached, good);
  EXPECT_GE(took, 240ms);
  EXPECT_LT(took, 3s) << "it must not wait for the first one";
  EXPECT_EQ(race->tried(), "127.0.0.1: no answer; 127.0.0.2: connected");
}

TEST_F(connect_race_test, after_a_refusal_the_next_is_tried_at_once) {
  auto good = listener("127.0.0.3");
  run({refusing("127.0.0.1"), refusing("127.0.0.2"), good});
  EXPECT_EQ(reached, good);
  EXPECT_LT(took, 240ms);
}

TEST_F(connect_race_test, the_last_failure_is_told_when_all_have_failed) {
  run({refusing("127.0.0.1"), refusing("127.0.0.2")});
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(error, asio::error::connection_refused);
  EXPECT_EQ(race->tried(), "127.0.0.1: Connection refused; 127.0.0.2: Connection refused");
}

TEST_F(connect_race_test, without_an_address_it_fails) {
  run({});
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(error);
}

TEST_F(connect_race_test, once_cancelled_it_says_nothing) {
  auto silent = listener("127.0.0.1", true);
  race = std::make_shared<connect_race>(io, endpoints{silent, silent},
                                        [&](auto, connect_race::socket&&) { ++calls; });
  race->start();
  asio::steady_timer soon{io, 50ms};
  soon.async_wait([&](auto) { race->cancel(); });
  io.run_for(2s);
  EXPECT_EQ(calls, 0);
  EXPECT_TRUE(io.stopped()) << "nothing is left to wait for";
}

} // namespace
