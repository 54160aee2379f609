#include <transport/socket/watched_socket.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace {

using namespace tutti::transport;
namespace asio = boost::asio;
using error = boost::system::error_code;

class watched_socket_test : public ::testing::Test {
protected:
  asio::io_context io;
  std::shared_ptr<socket_watch> watch = std::make_shared<socket_watch>(io);

  /// A watched socket, and the other end of it.
  struct pair {
    explicit pair(const std::shared_ptr<socket_watch>& watch) : near(watch) {
      std::array<int, 2> both{};
      EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, both.data()), 0);
      error ec;
      near.adopt(both[0], ec);
      EXPECT_FALSE(ec) << ec.message();
      far = both[1];
    }
    ~pair() { hang_up(); }

    pair(const pair&) = delete;
    pair& operator=(const pair&) = delete;

    void say(std::string_view what) const {
      EXPECT_EQ(::send(far, what.data(), what.size(), 0), static_cast<ssize_t>(what.size()));
    }
    void hang_up() {
      if (far >= 0)
        ::close(std::exchange(far, -1));
    }
    /// All that has come.
    std::string hear() const {
      std::string all;
      std::array<char, 4096> some{};
      for (ssize_t got = 0; (got = ::recv(far, some.data(), some.size(), 0)) > 0;)
        all.append(some.data(), static_cast<std::size_t>(got));
      return all;
    }
    void read() {
      near.async_read_some(asio::buffer(room), [this](error ec, std::size_t bytes) {
        heard.push_back(ec ? "(" + ec.message() + ")" : std::string(room.data(), bytes));
      });
    }

    watched_socket near;
    int far = -1;
    std::array<char, 8> room{};
    std::vector<std::string> heard;
  };

  /// Whatever can be done now.
  void turn() {
    io.restart();
    io.poll();
  }
};

using heard = std::vector<std::string>;

TEST_F(watched_socket_test, reads_what_comes_after_it_was_asked_for) {
  pair one{watch};
  one.read();
  turn();
  EXPECT_EQ(one.heard, heard{});
  one.say("hello");
  turn();
  EXPECT_EQ(one.heard, heard{"hello"});
}

TEST_F(watched_socket_test, reads_what_had_come_before) {
  pair one{watch};
  one.say("hello");
  turn();
  one.read();
  EXPECT_EQ(one.heard, heard{}); // Never within the call.
  turn();
  EXPECT_EQ(one.heard, heard{"hello"});
}

TEST_F(watched_socket_test, reads_on_when_more_has_come_than_there_was_room_for) {
  pair one{watch};
  one.say("12345678abcdefgh!");
  for (int i = 0; i < 3; ++i) {
    one.read();
    turn();
  }
  EXPECT_EQ(one.heard, (heard{"12345678", "abcdefgh", "!"}));
  one.read();
  turn();
  EXPECT_EQ(one.heard.size(), 3U);
  one.say("more");
  turn();
  EXPECT_EQ(one.heard.back(), "more");
}

TEST_F(watched_socket_test, a_read_of_nothing_is_over_at_once_and_takes_nothing) {
  pair one{watch};
  int called = 0;
  one.near.async_read_some(asio::mutable_buffer{}, [&](error ec, std::size_t bytes) {
    called += !ec && bytes == 0 ? 1 : 100;
  });
  turn();
  EXPECT_EQ(called, 1);
  one.read();
  one.say("hello");
  turn();
  EXPECT_EQ(one.heard, heard{"hello"});
}

TEST_F(watched_socket_test, a_read_of_nothing_leaves_one_that_is_pending_alone) {
  pair one{watch};
  one.read();
  int called = 0;
  one.near.async_read_some(asio::mutable_buffer{}, [&](error, std::size_t) { ++called; });
  one.say("hello");
  turn();
  EXPECT_EQ(called, 1);
  EXPECT_EQ(one.heard, heard{"hello"});
}

TEST_F(watched_socket_test, a_closed_one_lets_nobody_wait) {
  pair one{watch};
  one.near.close();
  one.read();
  turn();
  EXPECT_EQ(one.heard.size(), 1U);
}

TEST_F(watched_socket_test, what_is_over_does_not_keep_its_owner_alive_when_the_loop_has_ended) {
  struct owner {
    explicit owner(std::shared_ptr<socket_watch> watch) : one(std::move(watch)) {}
    pair one;
  };
  std::weak_ptr<owner> left;
  {
    asio::io_context ended;
    auto its_watch = std::make_shared<socket_watch>(ended);
    auto made = std::make_shared<owner>(its_watch);
    left = made;
    made->one.near.async_write_some(asio::buffer("?", 1), [made](error, std::size_t) {});
    made->one.near.close();
    made->one.near.async_write_some(asio::buffer("?", 1), [made](error, std::size_t) {});
  }
  EXPECT_TRUE(left.expired());
}

TEST_F(watched_socket_test, tells_of_the_end_that_came_with_the_last_bytes) {
  pair one{watch};
  one.read();
  one.say("bye");
  one.hang_up();
  turn();
  EXPECT_EQ(one.heard, heard{"bye"});
  one.read();
  turn();
  EXPECT_EQ(one.heard.back(), "(" + error{asio::error::eof}.message() + ")");
}

TEST_F(watched_socket_test, writes_the_rest_when_the_other_side_has_read) {
  pair one{watch};
  const std::string much(1'000'000, 'x');
  error done = asio::error::in_progress;
  asio::async_write(one.near, asio::buffer(much), [&](error ec, std::size_t) { done = ec; });
  turn();
  EXPECT_EQ(done, asio::error::in_progress);
  std::string all;
  for (int i = 0; i < 1'000 && done; ++i) {
    all += one.hear();
    turn();
  }
  EXPECT_FALSE(done);
  EXPECT_EQ(all + one.hear(), much);
}

TEST_F(watched_socket_test, a_write_is_over_before_its_answer_is_read) {
  pair one{watch};
  pair other{watch};
  turn();
  std::vector<std::string> order;
  one.near.async_read_some(asio::buffer(one.room),
                           [&](error, std::size_t) { order.emplace_back("read"); });
  // Written and answered while the loop already knows that it has to look.
  asio::post(io, [&] {
    one.near.async_write_some(asio::buffer("?", 1),
                              [&](error, std::size_t) { order.emplace_back("written"); });
    one.say("!");
  });
  other.read();
  other.say("x");
  turn();
  EXPECT_EQ(order, (std::vector<std::string>{"written", "read"}));
}

TEST_F(watched_socket_test, what_is_over_is_called_though_its_socket_is_closed_meanwhile) {
  pair one{watch};
  bool written = false;
  one.near.async_write_some(asio::buffer("?", 1), [&](error ec, std::size_t) { written = !ec; });
  one.near.close();
  EXPECT_FALSE(written);
  turn();
  EXPECT_TRUE(written);
}

TEST_F(watched_socket_test, a_write_to_who_has_gone_fails) {
  pair one{watch};
  one.hang_up();
  error ec;
  one.near.write_some(asio::buffer("x", 1), ec);
  EXPECT_EQ(ec, boost::system::errc::broken_pipe);
}

TEST_F(watched_socket_test, closing_ends_what_is_pending_in_a_later_turn) {
  pair one{watch};
  one.read();
  turn();
  one.near.close();
  EXPECT_EQ(one.heard, heard{});
  turn();
  EXPECT_EQ(one.heard, heard{"(" + error{asio::error::operation_aborted}.message() + ")"});
}

TEST_F(watched_socket_test, one_that_closes_another_silences_what_was_seen_of_it) {
  pair one{watch};
  pair other{watch};
  int read = 0;
  auto close = [&](pair& victim) {
    return [&](error ec, std::size_t) {
      read += ec ? 0 : 1;
      victim.near.close();
    };
  };
  one.near.async_read_some(asio::buffer(one.room), close(other));
  other.near.async_read_some(asio::buffer(other.room), close(one));
  one.say("a");
  other.say("b");
  turn();
  EXPECT_EQ(read, 1);
}

TEST_F(watched_socket_test, the_loop_ends_when_nothing_is_watched_any_more) {
  {
    pair one{watch};
    turn();
    EXPECT_FALSE(io.stopped()); // It waits for the other side.
  }
  turn();
  EXPECT_TRUE(io.stopped());
  pair another{watch}; // And begins again.
  another.read();
  another.say("again");
  turn();
  EXPECT_EQ(another.heard, heard{"again"});
}

} // namespace
