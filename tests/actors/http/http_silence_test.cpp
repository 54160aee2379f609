// Requests that get no answer on connections that were used before.
#include <tests/support/http_fixture.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class http_silence_test : public http_test {
public:
  http_silence_test() { script->suspicious = true; }

  /// A call with a deadline of 8 s: silence is noticed after two.
  asked<http_response> ask(const std::string& target, bool repeat_safe = true) {
    auto what = open_call();
    what.request.repeat_safe = repeat_safe;
    what.timeout = 8s;
    return call(target, what);
  }

  std::vector<std::string> sent() const {
    std::vector<std::string> all;
    for (const auto& each : script->exchanges)
      all.push_back(each.target + (each.fresh ? " fresh" : ""));
    return all;
  }
};

using targets = std::vector<std::string>;

TEST_F(http_silence_test, a_call_without_a_byte_is_sent_again_on_a_fresh_connection_once) {
  auto asker = ask("/a");
  sys.advance(1900ms);
  EXPECT_EQ(sent(), (targets{"/a"}));
  sys.advance(200ms);
  EXPECT_EQ(sent(), (targets{"/a", "/a fresh"}));
  EXPECT_EQ(script->cancelled.size(), 1U);
  finish(1, 200, "there");
  EXPECT_EQ(asker->body, "there");
  EXPECT_EQ(script->open(), 0);
}

TEST_F(http_silence_test, it_is_not_sent_a_third_time) {
  auto asker = ask("/a");
  for (int i = 0; i < 4; ++i)
    sys.advance(2100ms);
  EXPECT_EQ(sent(), (targets{"/a", "/a fresh"}));
  EXPECT_EQ(asker.error(), errc::deadline_exceeded);
}

TEST_F(http_silence_test, a_call_that_must_not_be_repeated_is_not) {
  auto asker = ask("/a", false);
  sys.advance(7s);
  EXPECT_EQ(sent(), (targets{"/a"}));
  finish(0, 200);
  EXPECT_TRUE(asker.ok());
}

TEST_F(http_silence_test, what_waits_on_a_connection_above_suspicion_is_not) {
  script->suspicious = false;
  auto asker = ask("/a");
  sys.advance(7s);
  EXPECT_EQ(sent(), (targets{"/a"}));
  finish(0, 200);
  EXPECT_TRUE(asker.ok());
}

TEST_F(http_silence_test, once_a_probe_is_answered_the_others_are_sent_again_too) {
  auto a = ask("/a");
  auto b = ask("/b");
  sys.advance(2100ms);
  EXPECT_EQ(sent(), (targets{"/a", "/b", "/a fresh"})) << "one probe at a time";
  sys.advance(100ms);
  finish(2, 200);
  EXPECT_EQ(sent(), (targets{"/a", "/b", "/a fresh", "/b fresh"}));
  finish(3, 200);
  EXPECT_TRUE(a.ok());
  EXPECT_TRUE(b.ok());
}

TEST_F(http_silence_test, a_host_that_is_merely_slow_gets_one_request_more) {
  auto a = ask("/a");
  auto b = ask("/b");
  sys.advance(2100ms);
  sys.advance(4s);
  finish(2, 200); // As slow as the others.
  EXPECT_EQ(sent(), (targets{"/a", "/b", "/a fresh"}));
  finish(1, 200);
  EXPECT_TRUE(a.ok());
  EXPECT_TRUE(b.ok());
}

TEST_F(http_silence_test, a_probe_that_fails_lets_another_one_try) {
  auto a = ask("/a");
  auto b = ask("/b");
  sys.advance(2100ms);
  fail(2, errc::unreachable);
  EXPECT_EQ(a.error(), errc::unreachable);
  sys.advance(500ms);
  EXPECT_EQ(sent(), (targets{"/a", "/b", "/a fresh", "/b fresh"}));
  finish(3, 200);
  EXPECT_TRUE(b.ok());
}

TEST_F(http_silence_test, a_probe_that_ends_before_it_is_sent_lets_another_one_try) {
  auto a = ask("/a");
  auto other = ask("/other");
  http_response slow_down;
  slow_down.status = 429;
  slow_down.retry_after = 9;
  http_fixture::finish(1, slow_down); // The gate is closed when /a is found silent.
  for (int i = 0; i < 5; ++i)
    sys.advance(2100ms);
  EXPECT_EQ(sent(), (targets{"/a", "/other"}));
  EXPECT_EQ(a.error(), errc::deadline_exceeded);
  auto b = ask("/b");
  sys.advance(2100ms);
  EXPECT_EQ(sent(), (targets{"/a", "/other", "/b", "/b fresh"}));
  finish(3, 200);
  EXPECT_TRUE(b.ok());
}

TEST_F(http_silence_test, the_attempts_before_are_counted_as_exchanges) {
  auto asker = ask("/a");
  sys.advance(2100ms);
  finish(1, 200);
  EXPECT_TRUE(asker.ok());
  std::uint64_t all = 0;
  for (const auto& each : life->endpoints.read())
    for (auto count : each.ended)
      all += count;
  EXPECT_EQ(all, 2U);
}

TEST_F(http_silence_test, a_host_that_is_lost_gets_fresh_connections) {
  for (int i = 0; i < 10 && script->renewed.empty(); ++i) {
    auto asker = ask("/a");
    finish(static_cast<std::size_t>(i), 503);
    EXPECT_EQ(asker->status, 503);
  }
  EXPECT_FALSE(script->renewed.empty());
}

} // namespace
