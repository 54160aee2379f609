#include <tests/support/pod_fixture.hpp>

#include <plugins/echo/echo.hpp>
#include <plugins/loader.hpp>
#include <plugins/shared_object.hpp>

#include <tutti/bot.hpp>
#include <tutti/config_file.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::testing;

TEST(plugins, built_in_ones_are_called_as_their_folders) {
  ASSERT_FALSE(plugins::builtins().empty());
  for (const auto& each : plugins::builtins()) {
    auto made = std::unique_ptr<plugin>{each.info()->make()};
    EXPECT_EQ(made->name(), each.name);
    EXPECT_EQ(plugins::objection(*each.info()), "");
  }
}

TEST(plugins, their_reference_is_a_configuration) {
  auto made = config_file::parse("host: a\n" + plugins::reference(), "reference");
  ASSERT_TRUE(made) << made.error().detail;
  ASSERT_EQ(made->plugins.size(), plugins::builtins().size());
  // Nothing is wrong with it but that a token, and a file of commands, cannot have a default.
  for (const auto& [name, why] : {std::pair{"commands", "plugin commands: file is missing"},
                                  {"relay", "plugin relay: give exactly one of token"}}) {
    auto wrong = plugins::flaw(*made);
    ASSERT_TRUE(wrong);
    EXPECT_NE(wrong->detail.find(why), std::string::npos) << wrong->detail;
    std::erase_if(made->plugins,
                  [which = name](const plugin_config& each) { return each.name == which; });
  }
  EXPECT_FALSE(plugins::flaw(*made));
}

TEST(plugins, those_of_other_builds_are_refused_with_the_way_out) {
  auto refused = [](auto&& spoil) {
    plugin_info info;
    spoil(info);
    return plugins::objection(info);
  };
  EXPECT_NE(refused([](plugin_info& x) { x.version = "0.99.0"; }).find("update Tutti"),
            std::string::npos);
  EXPECT_NE(refused([](plugin_info& x) { x.version = "7.0.0"; }).find("build it against"),
            std::string::npos);
  EXPECT_NE(refused([](plugin_info& x) { x.caf = 1; }).find("CAF 1"), std::string::npos);
  EXPECT_NE(refused([](plugin_info& x) { x.boost = 1; }).find("Boost 1"), std::string::npos);
  static const int other = 0;
  EXPECT_NE(refused([](plugin_info& x) { x.library = &other; }).find("copy of libtutti"),
            std::string::npos);
}

TEST(plugins, echo_answers_its_own_message) {
  pod_fixture pod;
  auto settings = pod.bot_config();
  settings.plugins = {{"echo", {{"prefix", "> "}}}};
  bot running{settings};
  ASSERT_TRUE(running.start());
  auto echo = caf::actor_cast<tutti::echo::echo_actor>(running.plugin_actor("echo"));
  ASSERT_TRUE(echo);
  EXPECT_FALSE(running.plugin_actor("other"));
  EXPECT_EQ(running.ask(echo, tutti::echo::say{"hello"}).get()->text, "> hello");
  running.stop();
  EXPECT_FALSE(running.plugin_actor("echo"));
}

TEST(plugins, run_again_after_a_stop) {
  pod_fixture pod;
  auto settings = pod.bot_config();
  settings.plugins = {{"echo", {{"prefix", "> "}}}};
  bot running{settings};
  ASSERT_TRUE(running.start());
  running.stop();
  ASSERT_TRUE(running.start());
  EXPECT_TRUE(running.plugin_actor("echo"));
}

} // namespace
