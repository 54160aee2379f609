#include <bot/hearing/commands/pattern.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::commands;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string flaw(std::string_view text) {
  auto read = read_pattern(text);
  return read ? "" : read.error().detail;
}

TEST(command_pattern_test, words_come_first_and_parameters_follow) {
  auto read = read_pattern("/order new {ticker:cashtag} {side:choice(buy|sell)} {count:int=1} "
                           "{note:text?}")
                  .value();
  EXPECT_THAT(read.words, ElementsAre("/order", "new"));
  ASSERT_EQ(read.parameters.size(), 4U);
  EXPECT_EQ(read.parameters[0].type, parameter_type::cashtag);
  EXPECT_FALSE(read.parameters[0].optional);
  EXPECT_THAT(read.parameters[1].choices, ElementsAre("buy", "sell"));
  EXPECT_EQ(read.parameters[2].preset, "1");
  EXPECT_TRUE(read.parameters[3].optional);
  EXPECT_FALSE(read.parameters[3].preset);
  EXPECT_EQ(read.usage(), "/order new ticker buy|sell [count=1] [note]");
}

TEST(command_pattern_test, a_parameter_without_a_type_is_a_word) {
  EXPECT_EQ(read_pattern("/find {name}").value().parameters[0].type, parameter_type::word);
}

TEST(command_pattern_test, what_is_wrong_is_named) {
  EXPECT_THAT(flaw(""), HasSubstr("begins with a word"));
  EXPECT_THAT(flaw("{name}"), HasSubstr("begins with a word"));
  EXPECT_THAT(flaw("/x {name"), HasSubstr("'{name': the brace is not closed"));
  EXPECT_THAT(flaw("/x{name}"), HasSubstr("'/x{name}': a parameter is apart"));
  EXPECT_THAT(flaw("/x {a} b"), HasSubstr("'b': a word cannot follow a parameter"));
  EXPECT_THAT(flaw("/x {:int}"), HasSubstr("{:int}: a parameter begins with its name"));
  EXPECT_THAT(flaw("/x {a b}"), HasSubstr("begins with its name"));
  EXPECT_THAT(flaw("/x {a:number}"), HasSubstr("'number' is none of: word, text, int"));
  EXPECT_THAT(flaw("/x {a:choice()}"), HasSubstr("'choice()' is none of"));
  EXPECT_THAT(flaw("/x {a:choice(b||c)}"), HasSubstr("is none of"));
  EXPECT_THAT(flaw("/x {a:choice(b | c)}"), HasSubstr("is none of"));
  EXPECT_THAT(flaw("/x\ty"), HasSubstr("apart by spaces"));
  EXPECT_THAT(flaw("@bot /x"), HasSubstr("'@bot': a command's words are plain ones"));
  EXPECT_THAT(flaw("/"), HasSubstr("plain ones"));
  EXPECT_THAT(flaw("/x {a} {a:int}"), HasSubstr("{a:int}: a second parameter of that name"));
  EXPECT_THAT(flaw("/x {a:text} {b}"), HasSubstr("nothing can follow {a:text}"));
  EXPECT_THAT(flaw("/x {a:int=1} {b}"), HasSubstr("{b}: it must be given"));
}

} // namespace
