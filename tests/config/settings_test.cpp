#include <tutti/config_file.hpp>
#include <tutti/settings.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

class settings_test : public ::testing::Test {
public:
  settings_test() {
    known.add("text", text, "a text");
    known.add("truth", truth, "true or false");
    known.add("port", port, "a port");
    known.add("size", size, "a size");
    known.add("rate", rate, "a rate");
    known.add("time", time, "a time");
    known.add("names", names, "a list");
    known.add("groups", groups, "a list of lists");
    known.add("deep.key", deep, "in a map");
  }

  std::string complaint(const setting_map& given) {
    auto read = known.read(given, "plugin x");
    return read ? "none" : read.error().detail;
  }

  std::string text = "usual";
  bool truth = false;
  std::uint16_t port = 1;
  std::size_t size = 2;
  double rate = 0.5;
  std::chrono::milliseconds time{3'000};
  std::vector<std::string> names{"a"};
  std::vector<std::vector<std::string>> groups;
  std::string deep;
  setting_list known;
};

TEST_F(settings_test, of_every_type_are_read) {
  auto made = config_file::parse("plugins:\n"
                                 "  - name: x\n"
                                 "    text: hello\n"
                                 "    truth: true\n"
                                 "    port: 80\n"
                                 "    size: 17\n"
                                 "    rate: 1.5\n"
                                 "    time: 2m\n"
                                 "    names: [b, c]\n"
                                 "    groups: [d, [e, f]]\n"
                                 "    deep: { key: g }\n",
                                 "bot.yaml");
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(complaint(made->plugins.at(0).settings), "none");
  EXPECT_EQ(text, "hello");
  EXPECT_TRUE(truth);
  EXPECT_EQ(port, 80);
  EXPECT_EQ(size, 17U);
  EXPECT_EQ(rate, 1.5);
  EXPECT_EQ(time, 2min);
  EXPECT_EQ(names, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(groups, (std::vector<std::vector<std::string>>{{"d"}, {"e", "f"}}));
  EXPECT_EQ(deep, "g");
}

TEST_F(settings_test, left_out_keep_their_defaults) {
  EXPECT_EQ(complaint({}), "none");
  EXPECT_EQ(text, "usual");
  EXPECT_EQ(time, 3s);
}

TEST_F(settings_test, a_complaint_names_file_line_owner_key_and_way_out) {
  auto of = [&](const std::string& line) {
    auto made = config_file::parse("plugins:\n  - name: x\n    " + line + "\n", "bot.yaml");
    return made ? complaint(made->plugins.at(0).settings) : made.error().detail;
  };
  EXPECT_EQ(of("txt: a"), "bot.yaml:3:10: plugin x: txt: unknown setting; did you mean 'text'?");
  EXPECT_EQ(of("port: 0"), "bot.yaml:3:11: plugin x: port: '0' is not a TCP port; write a number "
                           "from 1 to 65535");
  EXPECT_EQ(of("truth: yes"), "bot.yaml:3:12: plugin x: truth: 'yes' is none of: true, false");
  EXPECT_EQ(of("text: [a]"), "bot.yaml:3:11: plugin x: text: a single value is expected");
  EXPECT_EQ(of("groups: a"),
            "bot.yaml:3:13: plugin x: groups: a list is expected, e.g. [ada, ben]");
  EXPECT_EQ(of("names: [[a]]"),
            "bot.yaml:3:12: plugin x: names: a list of single values is expected");
  EXPECT_NE(of("completely: else").find("known are: text, truth"), std::string::npos);
}

TEST_F(settings_test, a_single_value_is_a_list_of_one) {
  EXPECT_EQ(complaint({{"names", "z"}}), "none");
  EXPECT_EQ(names, std::vector<std::string>{"z"});
}

TEST_F(settings_test, describe_themselves) {
  auto all = known.describe();
  ASSERT_EQ(all.size(), 9U);
  EXPECT_EQ(all[0].key, "text");
  EXPECT_EQ(all[0].value, "usual");
  EXPECT_EQ(all[0].help, "a text");
  EXPECT_EQ(all[5].value, "3s");
  EXPECT_EQ(all[6].value, "[a]");
}

TEST(plugin_settings, variables_are_replaced_in_lists_too) {
  setenv("TUTTI_TEST_NAME", "ada", 1);
  auto made = config_file::parse("plugins: [{name: x, names: ['${TUTTI_TEST_NAME}']}]", "y");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->plugins.at(0).settings.at("names").items().at(0).text(), "ada");
}

TEST(plugin_settings, of_none_say_so) {
  setting_list none;
  EXPECT_EQ(none.read({{"a", "b"}}, "plugin x").error().detail,
            "plugin x: a: unknown setting; this plugin has none");
}

} // namespace
