// Files on their way to the pod on the desk and back.
#include <tests/support/temporary_folder.hpp>

#include <tutti/bot.hpp>
#include <tutti/testing/pod.hpp>

#include <gmock/gmock.h>

#include <future>

namespace {

using namespace tutti;
using ::testing::HasSubstr;

class attachments_test : public ::testing::Test {
public:
  /// What the pod has of it, read back by the bot.
  result<std::string> sent(const attachment& what, const config& settings) {
    bot sends{settings};
    std::promise<result<std::string>> came;
    sends.on_message([&](chat& here) -> task<> {
      outgoing_message made{"see the file"};
      made.attach(what);
      try {
        auto said = co_await here.say(std::move(made));
        read_attachment back{{}, said.stream().id, said.id(), said.attachments().at(0).id};
        auto read = co_await here.bot().ask(std::move(back));
        came.set_value(read ? result<std::string>{read->content} : read.error());
      } catch (const request_failed& why) {
        came.set_value(why.why());
      }
    });
    EXPECT_TRUE(sends.start());
    pod.wait_for("POST /agent/v5/datafeeds", 1);
    pod.say("ada", "my-bot", "the file, please");
    return came.get_future().get();
  }

  static std::string many(std::size_t count) {
    std::string made(count, '\0');
    for (std::size_t i = 0; i < count; ++i)
      made[i] = static_cast<char>(i * 31 >> 3);
    return made;
  }

  tutti::testing::pod pod;
  tutti::testing::temporary_folder folder;
};

TEST_F(attachments_test, a_file_of_several_parts_arrives_whole) {
  const auto content = many(3'000'001);
  auto came = sent(attachment::bytes("large.bin", content), pod.bot_config());
  ASSERT_TRUE(came) << came.error().detail;
  EXPECT_EQ(came->size(), content.size());
  EXPECT_TRUE(*came == content);
}

TEST_F(attachments_test, a_source_is_read_again_when_the_first_attempt_is_refused) {
  const auto content = many(700'000);
  std::atomic<int> from_the_beginning = 0;
  pod.set_faults(
      R"([{"path":"/agent/v4/stream/{sid}/message/create","status":503,"body":"{}","count":1}])");
  auto came = sent(attachment::source("made.bin", content.size(),
                                      [&](auto offset, auto count) {
                                        from_the_beginning += offset == 0 ? 1 : 0;
                                        return result<std::string>{content.substr(offset, count)};
                                      }),
                   pod.bot_config());
  ASSERT_TRUE(came) << came.error().detail;
  EXPECT_TRUE(*came == content);
  EXPECT_EQ(from_the_beginning, 2);
}

TEST_F(attachments_test, a_source_that_fails_on_the_way_fails_the_message) {
  auto settings = pod.bot_config();
  settings.events.attempts = 1;
  auto came = sent(attachment::source("made.bin", 1'000'000,
                                      [](auto offset, auto count) -> result<std::string> {
                                        if (offset > 0)
                                          throw std::runtime_error{"the disk is gone"};
                                        return std::string(count, 'x');
                                      }),
                   settings);
  ASSERT_FALSE(came);
  EXPECT_EQ(came.error().error, errc::rejected);
  EXPECT_THAT(came.error().detail, HasSubstr("made.bin cannot be read: the disk is gone"));
  EXPECT_TRUE(pod.texts("ada", "my-bot").size() == 1);
}

} // namespace
