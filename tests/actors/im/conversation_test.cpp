#include <tests/support/core_fixture.hpp>

#include <tutti/protocol/conversation.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;

struct heard {
  int opened = 0;
  int refused = 0;
  int ended = 0;
  failure why;
};

class listening_conversation final : public conversation {
public:
  listening_conversation(caf::actor_config& cfg, conversation_start start,
                         std::shared_ptr<heard> log)
      : conversation(cfg, std::move(start)), log_(std::move(log)) {}

protected:
  void on_open(const im_created&) override { ++log_->opened; }
  void on_refused(const failure& why) override {
    ++log_->refused;
    log_->why = why;
    conversation::on_refused(why);
  }

  void on_end() override { ++log_->ended; }

private:
  std::shared_ptr<heard> log_;
};

class conversation_test : public core_fixture {
public:
  void SetUp() override {
    replacements = everybody_allowed();
    start();
  }

  conversation_actor converse() {
    auto made = sys.system.spawn<listening_conversation>(
        conversation_start{handles.im, handles.messages, create_im{.participants = {user(1)}}},
        log);
    sys.run();
    return made;
  }

  asked<im_created> wait_for(const conversation_actor& whom) {
    auto pending = sys.ask<im_created>(whom, await_open{});
    sys.run();
    return pending;
  }

  std::shared_ptr<heard> log = std::make_shared<heard>();
};

TEST_F(conversation_test, asks_for_its_im_and_says_when_it_is_open) {
  auto talk = converse();
  auto early = wait_for(talk);
  EXPECT_FALSE(early.settled());
  created("A");
  EXPECT_EQ(log->opened, 1);
  EXPECT_EQ(early->stream.text(), "A");
  EXPECT_EQ(wait_for(talk)->stream.text(), "A");
  sys.kill(talk);
}

TEST_F(conversation_test, tells_why_there_is_no_im_and_ends) {
  auto talk = converse();
  auto early = wait_for(talk);
  http.answer(create_path, 400, R"({"message":"words"})");
  EXPECT_EQ(log->refused, 1);
  EXPECT_EQ(log->why.error, errc::rejected);
  EXPECT_EQ(early.error(), errc::rejected);
  EXPECT_EQ(log->opened, 0);
  EXPECT_EQ(log->ended, 1);
  EXPECT_EQ(wait_for(talk).error(), errc::shutting_down);
}

TEST_F(conversation_test, closing_it_early_takes_its_request_back) {
  auto talk = converse();
  auto early = wait_for(talk);
  caf::anon_send(talk, close_conversation{});
  sys.run();
  EXPECT_EQ(early.error(), errc::shutting_down);
  EXPECT_EQ(http.seen().cancelled.size(), 1U);
}

} // namespace
