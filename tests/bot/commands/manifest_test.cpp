#include <bot/hearing/commands/manifest.hpp>
#include <tests/support/temporary_folder.hpp>

#include <gmock/gmock.h>

#include <fstream>

namespace tutti::commands {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct manifest_test : ::testing::Test {
  command_set all;
  command_texts texts;
  commands_config rules{command_mention::rooms, true};

  void add(const std::string& pattern, const std::string& help,
           std::vector<wanted_argument> takes = {}) {
    command_declaration made{pattern, help, std::move(takes)};
    made.handle = [](chat&, std::vector<argument_value>) -> task<> { co_return; };
    ASSERT_EQ(all.add(std::move(made)), "");
  }
};

TEST_F(manifest_test, lists_commands_with_their_arguments_and_those_of_the_bot) {
  add("/quote {ticker:cashtag} {count:int=1}", "Price of an \"instrument\"",
      {detail::argument_type<std::string>::wanted, detail::argument_type<int>::wanted});
  EXPECT_EQ(manifest_of(all, texts),
            R"({"commands":[{"name":"quote","desc":"Price of an \"instrument\"",)"
            R"("args":[{"name":"[ticker]"},{"name":"[count]"}]},)"
            R"({"name":"help","desc":"Shows what I understand, or one command"}]})");
}

TEST_F(manifest_test, leaves_out_what_no_slash_begins) {
  add("hello", "Says hello");
  add("/order new", "");
  const auto text = manifest_of(all, texts);
  EXPECT_THAT(text, ::testing::Not(HasSubstr("Says hello")));
  EXPECT_THAT(text, HasSubstr(R"({"name":"order new","desc":"/order new"})"));
}

TEST_F(manifest_test, nothing_is_published_unless_it_is_asked_for) {
  add("/quote", "Price");
  EXPECT_EQ(*wanted_manifest({}, all, texts), "");
  EXPECT_THAT(*wanted_manifest(rules, all, texts), HasSubstr("quote"));
}

TEST_F(manifest_test, one_that_is_too_long_is_refused_with_the_way_out) {
  for (int i = 0; i < 70; ++i)
    add("/command" + std::to_string(i), std::string(70, 'x'));
  const auto refused = wanted_manifest(rules, all, texts);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, errc::misconfigured);
  EXPECT_THAT(refused.error().detail,
              AllOf(HasSubstr("70 commands"), HasSubstr("6144"), HasSubstr("shorten")));
}

TEST_F(manifest_test, a_file_goes_before_what_is_declared) {
  add("/quote", "Price");
  testing::temporary_folder folder;
  rules.manifest_file = folder / "manifest.json";
  EXPECT_THAT(wanted_manifest(rules, all, texts).error().detail, HasSubstr("cannot be read"));
  std::ofstream{rules.manifest_file} << R"({"commands":[])";
  EXPECT_THAT(wanted_manifest(rules, all, texts).error().detail, HasSubstr("no JSON"));
  std::ofstream{rules.manifest_file} << R"({"commands":[]})";
  EXPECT_EQ(*wanted_manifest(rules, all, texts), R"({"commands":[]})");
}

} // namespace
} // namespace tutti::commands
