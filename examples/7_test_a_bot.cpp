// A bot's own actor, tested without a network and without waiting: the core is scripted, and only
// the test moves the clock.
#include <tutti/protocol/im.hpp>
#include <tutti/testing/scripted.hpp>

#include <caf/event_based_actor.hpp>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using tutti::user_id;

struct ask_second {};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, ask_second&) {
  return f(caf::meta::type_name("ask_second"));
}

/// Opens an IM with the desk; when there is none to be had, with who is on call, a minute later.
class on_call final : public caf::event_based_actor {
public:
  on_call(caf::actor_config& cfg, tutti::im_actor im, user_id desk, user_id second)
      : caf::event_based_actor(cfg), im_(std::move(im)), desk_(desk), second_(second) {}

  caf::behavior make_behavior() override {
    open(desk_);
    return {[this](ask_second) { open(second_); }};
  }

  void on_exit() override { im_ = nullptr; }

private:
  void open(user_id whom) {
    request(im_, caf::infinite, tutti::create_im{.participants = {whom}})
        .then([this](const tutti::im_created&) { quit(); },
              [this](const caf::error&) { delayed_send(this, 60s, ask_second{}); });
  }

  tutti::im_actor im_;
  user_id desk_;
  user_id second_;
};

const auto desk = user_id::make(1).value();
const auto second = user_id::make(2).value();

class on_call_test : public ::testing::Test {
public:
  on_call_test() {
    bot = sys.system.spawn<on_call>(im.handle(), desk, second);
    sys.run();
  }

  ~on_call_test() override { sys.kill(bot); }

  tutti::testing::virtual_system sys;
  tutti::testing::scripted<tutti::im_actor> im{sys};
  caf::actor bot;
};

TEST_F(on_call_test, the_desk_is_asked_first) {
  EXPECT_EQ(im.waiting<tutti::create_im>().participants, std::vector{desk});
  im.answer<tutti::create_im>({tutti::stream_id::make("abc").value()});
  sys.advance(1h);
  EXPECT_EQ(im.received<tutti::create_im>().size(), 1U);
}

TEST_F(on_call_test, who_is_on_call_is_asked_a_minute_later) {
  im.fail<tutti::create_im>({tutti::errc::not_connected, "the desk has left", 0, {}});
  sys.advance(59s);
  EXPECT_EQ(im.received<tutti::create_im>().size(), 1U);
  sys.advance(1s);
  ASSERT_EQ(im.received<tutti::create_im>().size(), 2U);
  EXPECT_EQ(im.waiting<tutti::create_im>().participants, std::vector{second});
}

} // namespace
