#include <config/expand.hpp>
#include <tutti/config_file.hpp>

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

config read(const std::string& yaml) {
  auto made = config_file::parse(yaml, "bot.yaml");
  if (!made)
    throw std::runtime_error{made.error().detail};
  return *made;
}

std::string complaint(const std::string& yaml) {
  auto made = config_file::parse(yaml, "bot.yaml");
  if (made)
    return "no complaint";
  EXPECT_EQ(made.error().error, errc::misconfigured);
  return made.error().detail;
}

TEST(config, a_bot_in_four_lines) {
  auto made =
      read("host: mybank.symphony.com\nbot:\n  username: joe\n  privateKey: {path: k.pem}\n");
  EXPECT_EQ(made.host_of(service::pod).host, "mybank.symphony.com");
  EXPECT_EQ(made.host_of(service::pod).port, 443);
  EXPECT_EQ(made.host_of(service::key_manager), made.host_of(service::pod));
  EXPECT_EQ(made.bot.username, "joe");
  EXPECT_EQ(made.bot.private_key_path, "k.pem");
}

TEST(config, services_inherit_the_root_host_key_by_key) {
  auto made = read("host: a\nport: 1\ncontext: /x\nagent: {host: b}\nkeyManager: {port: 2}\n");
  EXPECT_EQ(made.host_of(service::agent), (host_config{"https", "b", 1, "/x"}));
  EXPECT_EQ(made.host_of(service::key_manager), (host_config{"https", "a", 2, "/x"}));
}

TEST(config, json_is_read_too) {
  auto made = read(R"({"host": "a", "bot": {"username": "joe"}, "im": {"timeout": 5000}})");
  EXPECT_EQ(made.bot.username, "joe");
  EXPECT_EQ(made.im.timeout, 5s);
}

TEST(config, an_empty_key_keeps_its_default) {
  EXPECT_EQ(read("host: a\nport:\n").host_of(service::pod).port, 443);
}

TEST(config, durations_have_units) {
  for (auto [text, value] : std::vector<std::pair<std::string, std::chrono::milliseconds>>{
           {"250", 250ms}, {"250ms", 250ms}, {"3s", 3s}, {"2m", 2min}, {"1h", 1h}})
    EXPECT_EQ(read("im: {timeout: " + text + "}").im.timeout, value) << text;
}

TEST(config, words_become_enumerators) {
  EXPECT_EQ(read("im: {multiParty: allow}").im.multi, multi_party::allow);
  EXPECT_EQ(read("log: {level: debug}").log.level, log_level::debug);
}

TEST(config, plugins_keep_their_settings) {
  auto made = read("plugins:\n  - name: echo\n    prefix: '> '\n  - name: other\n");
  ASSERT_EQ(made.plugins.size(), 2U);
  EXPECT_EQ(made.plugins[0].name, "echo");
  EXPECT_EQ(made.plugins[0].settings.at("prefix"), "> ");
}

TEST(config, complaints_name_file_line_column_and_key) {
  EXPECT_EQ(complaint("host: a\nhots: b\n"), "bot.yaml:2:1: hots: unknown key");
  EXPECT_EQ(complaint("bot:\n  usernam: b\n"), "bot.yaml:2:3: bot.usernam: unknown key");
  EXPECT_EQ(complaint("port: x\n"), "bot.yaml:1:7: port: 'x' is not a whole number in range");
  EXPECT_EQ(complaint("port: 70000\n"),
            "bot.yaml:1:7: port: '70000' is not a whole number in range");
  EXPECT_EQ(complaint("im: {multiParty: maybe}"),
            "bot.yaml:1:18: im.multiParty: 'maybe' is none of: refuse, allow");
  EXPECT_EQ(complaint("im: {timeout: 5 parsecs}").substr(0, 27), "bot.yaml:1:15: im.timeout: ");
  EXPECT_EQ(complaint("host: [a]"), "bot.yaml:1:7: host: a list has no place here");
  EXPECT_EQ(complaint("host: a\nhost: b"), "bot.yaml:2:1: host: given twice");
  EXPECT_NE(complaint("host: 'a").find("bot.yaml:"), std::string::npos);
  EXPECT_NE(complaint("just words").find("a map of keys is expected"), std::string::npos);
  EXPECT_NE(complaint("plugins: [{prefix: x}]").find("needs a name"), std::string::npos);
}

TEST(config, a_file_that_cannot_be_read_is_named) {
  auto made = config_file::load("/nowhere/bot.yaml");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().detail.find("/nowhere/bot.yaml"), std::string::npos);
}

TEST(config, the_demo_bot_s_file_is_read) {
  auto made = config_file::load(TUTTI_SOURCE_DIR "/config/demo.yaml");
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->bot.username, "demo-bot");
}

// -- variables ---------------------------------------------------------------------------

config_file::expanded expand(const std::string& value) {
  return config_file::expand(value, [](const std::string& name) -> std::optional<std::string> {
    if (name == "SET")
      return "x";
    if (name == "EMPTY")
      return "";
    return std::nullopt;
  });
}

TEST(expand, replaces_variables_defaults_and_dollars) {
  EXPECT_EQ(expand("a${SET}b").text, "axb");
  EXPECT_EQ(expand("${UNSET:-y}").text, "y");
  EXPECT_EQ(expand("${UNSET:-}").text, "");
  EXPECT_EQ(expand("${EMPTY:-y}").text, "y");
  EXPECT_EQ(expand("${EMPTY}").text, "");
  EXPECT_EQ(expand("${SET:-y}").text, "x");
  EXPECT_EQ(expand("$${SET}").text, "${SET}");
  EXPECT_EQ(expand("5$ $x").text, "5$ $x");
}

TEST(expand, an_unset_variable_or_open_brace_is_an_error) {
  EXPECT_NE(expand("${UNSET}").error.find("UNSET"), std::string::npos);
  EXPECT_NE(expand("a${SET").error.find("}"), std::string::npos);
}

TEST(config, an_unset_variable_is_a_complaint_with_its_place) {
  ::unsetenv("TUTTI_NOT_SET");
  EXPECT_EQ(complaint("host: ${TUTTI_NOT_SET}").substr(0, 19), "bot.yaml:1:7: host:");
}

} // namespace
