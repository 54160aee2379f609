// A bot without code: the plugin `commands`.
#include <tests/support/local_client_fixture.hpp>
#include <tests/support/temporary_folder.hpp>

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

class commands_plugin_test : public local_client_fixture {
public:
  void SetUp() override {}

  result<void> start(const std::string& file) {
    std::ofstream{folder / "commands.yaml"} << file;
    auto settings = pod.bot_config();
    settings.life.stop_grace = 2s;
    settings.plugins.push_back({"commands", {{"file", folder / "commands.yaml"}}});
    running = std::make_unique<bot>(std::move(settings));
    return running->start();
  }

  temporary_folder folder;
};

TEST_F(commands_plugin_test, what_is_wrong_with_the_file_is_named_with_its_place) {
  const std::pair<const char*, const char*> wrong[]{
      {"commands:\n- pattern: /x\n  txet: hi\n", "commands.yaml:3:3: 'txet' is none of"},
      {"commands:\n- pattern: /x\n", "commands.yaml:2:3: /x: give one of"},
      {"commands:\n- text: hi\n", "pattern is missing"},
      {"- pattern: /x\n  url: https://far/\n", "only http"},
      {"- pattern: /x\n  messageml: none.xml\n", "none.xml"},
      {"- pattern: /x\n  text: a\n  timeout: soon\n", "commands.yaml:3:12: timeout: 'soon'"},
      {"- pattern: '/x {a:nothing}'\n  text: a\n", "nothing"},
      {"nothing: 1\n", "key commands"},
      {"- [\n", "commands.yaml:"},
  };
  for (const auto& [file, expected] : wrong) {
    const auto started = start(file);
    ASSERT_FALSE(started) << file;
    EXPECT_THAT(started.error().detail, HasSubstr(expected)) << file;
  }
}

TEST_F(commands_plugin_test, answers_texts_messages_and_what_a_service_says) {
  std::string asked;
  int status = 200;
  std::string answer = R"({"messageml":"<messageML><b>12.5</b></messageML>"})";
  const auto url = serve([&](const local_request& request, local_server::respond respond) {
    asked = request.authorization + " " + request.body;
    respond({status, answer, "application/json", {}});
  });
  std::ofstream{folder / "rules.xml"} << "<messageML>Dear <b>{who}</b></messageML>";
  std::ofstream{folder / "token"} << "secret\n";
  const auto started =
      start("commands:\n"
            "- {pattern: '/hello {who:text}', text: 'Hello {who} {nobody}', help: Greets}\n"
            "- {pattern: '/rules {who}', messageml: rules.xml}\n"
            "- {pattern: '/price {ticker:cashtag} {count:int=1}', url: '" +
            url + "', token: token, unavailable: 'Ask later.'}\n");
  ASSERT_TRUE(started) << started.error().detail;
  pod.wait_for("POST /agent/v5/datafeeds", 1);
  const auto say = [&](const std::string& text) {
    const auto before = pod.texts("ada", "my-bot").size();
    pod.say("ada", "my-bot", text);
    while (pod.texts("ada", "my-bot").size() < before + 2)
      std::this_thread::sleep_for(2ms);
    return pod.texts("ada", "my-bot").back();
  };
  EXPECT_EQ(say("/hello my friend"), "Hello my friend {nobody}");
  EXPECT_EQ(say("/rules <x&y>"), "Dear <x&y>");
  EXPECT_EQ(say("/price $VOD 3"), "12.5");
  EXPECT_THAT(asked, AllOf(HasSubstr("Bearer secret"), HasSubstr(R"("ticker":"VOD")"),
                           HasSubstr(R"("count":3)"), HasSubstr(R"("command":"/price")")));
  status = 500;
  EXPECT_EQ(say("/price $VOD"), "Ask later.");
  status = 200;
  const auto too_long = R"({"text":")" + std::string(70'000, 'x') + R"("})";
  for (const std::string each : {"", "no JSON", R"({"text":5})",
                                 R"({"messageml":"<script>x</script>"})", too_long.c_str()}) {
    answer = each;
    EXPECT_EQ(say("/price $VOD"), "Ask later.") << each.substr(0, 50);
  }
  EXPECT_THAT(say("/help"), HasSubstr("/hello who: Greets"));
}

} // namespace
