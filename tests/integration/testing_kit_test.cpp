#include <tutti/bot.hpp>
#include <tutti/testing/pod.hpp>
#include <tutti/testing/scripted.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using tutti::testing::pod;
using tutti::testing::scripted;
using tutti::testing::virtual_system;
using namespace std::chrono_literals;

constexpr auto opened_by = "POST /pod/v1/im/create";

TEST(testing_pod, serves_a_bot_in_this_process) {
  pod desk;
  bot running{desk.bot_config()};
  ASSERT_TRUE(running.start());
  EXPECT_TRUE(running.ask(create_im{.participants = {desk.id_of("ada")}}).get());
  EXPECT_TRUE(running.ask(create_im{.participants = {desk.id_of("xenia")}}).get());
  EXPECT_EQ(running.ask(create_im{.participants = {desk.id_of("zoe")}}).get().error().error,
            errc::not_connected);
  EXPECT_EQ(desk.count(opened_by), 2);
}

TEST(testing_pod, is_away_and_comes_back_with_what_it_knew) {
  pod desk;
  bot running{desk.bot_config()};
  ASSERT_TRUE(running.start());
  auto first = running.ask(create_im{.participants = {desk.id_of("ada")}}).get();
  ASSERT_TRUE(first);
  auto port = desk.port();
  desk.stop();
  auto meanwhile = running.ask(create_im{.participants = {desk.id_of("ben")}});
  desk.start();
  EXPECT_EQ(desk.port(), port);
  EXPECT_TRUE(meanwhile.get());
  bot other{desk.bot_config()};
  ASSERT_TRUE(other.start());
  EXPECT_EQ(other.ask(create_im{.participants = {desk.id_of("ada")}}).get()->stream, first->stream);
}

TEST(testing_pod, fails_as_told) {
  pod desk;
  auto settings = desk.bot_config();
  settings.retry.max_attempts = 1;
  bot running{settings};
  ASSERT_TRUE(running.start());
  desk.set_faults(R"([{"path": "/pod/v1/im/create", "status": 503}])");
  EXPECT_FALSE(running.ask(create_im{.participants = {desk.id_of("ada")}}).get());
  EXPECT_THROW(desk.set_faults("nonsense"), std::runtime_error);
  desk.set_faults("[]");
  desk.expire_sessions();
  EXPECT_TRUE(running.ask(create_im{.participants = {desk.id_of("ada")}}).get());
}

TEST(testing_pod, takes_a_seed_of_its_own) {
  pod desk{
      "pods: [{ id: 1, name: A }]\nusers:\n  - { pod: 1, username: b, serviceAccount: true }\n"};
  EXPECT_NO_THROW(desk.bot_config("b"));
  EXPECT_THROW(desk.id_of("nobody"), std::out_of_range);
  EXPECT_THROW(pod{"userz: []"}, std::runtime_error);
}

TEST(testing_scripted, keeps_questions_and_answers_them_in_order) {
  virtual_system sys;
  scripted<im_actor> im{sys};
  auto one =
      sys.ask<im_created>(im.handle(), create_im{.participants = {user_id::make(1).value()}});
  auto two =
      sys.ask<im_created>(im.handle(), create_im{.participants = {user_id::make(2).value()}});
  sys.run();
  EXPECT_EQ(im.received<create_im>().size(), 2U);
  im.answer<create_im>({stream_id::make("abc").value()});
  EXPECT_TRUE(one.ok());
  EXPECT_FALSE(two.settled());
  EXPECT_EQ(im.waiting<create_im>().participants.front().value(), 2);
  im.fail<create_im>({errc::rejected, "no", 0, {}});
  EXPECT_EQ(two.error(), errc::rejected);
  EXPECT_THROW(im.waiting<create_im>(), std::logic_error);
}

TEST(testing_scripted, keeps_what_it_is_told) {
  virtual_system sys;
  scripted<im_actor> im{sys};
  caf::anon_send(im.handle(), cancel_im{call_ticket::next()});
  sys.run();
  EXPECT_EQ(im.received<cancel_im>().size(), 1U);
}

} // namespace
