#include <bot/hearing/commands/words.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::commands;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> texts_of(const std::string& text) {
  messageml::received_message message;
  message.text = text;
  message.pieces.push_back({messageml::piece_kind::text, text});
  std::vector<std::string> all;
  for (const auto& each : split(message).all)
    all.push_back(each.text);
  return all;
}

TEST(command_words_test, texts_are_cut_at_blanks_of_all_kinds) {
  EXPECT_THAT(texts_of("  /a \t b\nc\u00a0d\u2009e\u3000f "),
              ElementsAre("/a", "b", "c", "d", "e", "f"));
  EXPECT_THAT(texts_of(" \n "), IsEmpty());
}

TEST(command_words_test, a_text_in_quotes_is_one_word) {
  EXPECT_THAT(texts_of("/say \"two words\" x"), ElementsAre("/say", "two words", "x"));
  EXPECT_THAT(texts_of("\u201ctwo words\u201d \u00abet trois\u00bb \u201eund vier\u201c"),
              ElementsAre("two words", "et trois", "und vier"));
}

TEST(command_words_test, a_quote_within_a_word_or_without_its_end_is_a_letter) {
  EXPECT_THAT(texts_of("5\" nail"), ElementsAre("5\"", "nail"));
  EXPECT_THAT(texts_of("\"open end"), ElementsAre("\"open", "end"));
  EXPECT_THAT(texts_of("\"a\"b c"), ElementsAre("\"a\"b", "c"));
}

TEST(command_words_test, mentions_and_tags_are_a_word_each) {
  const auto ada = user_id::make(7).value();
  messageml::received_message message;
  message.pieces.push_back({messageml::piece_kind::mention, "@Ada Lovelace", "", ada});
  message.pieces.push_back({messageml::piece_kind::text, "/sell"});
  message.pieces.push_back({messageml::piece_kind::cashtag, "$VOD", "VOD"});
  message.pieces.push_back({messageml::piece_kind::text, "now please"});
  const auto made = split(message);
  ASSERT_EQ(made.all.size(), 5U);
  EXPECT_EQ(made.all[0].user, ada);
  EXPECT_EQ(made.all[2].value, "VOD");
  EXPECT_EQ(made.text, "@Ada Lovelace/sell$VODnow please");
  EXPECT_EQ(made.text.substr(made.all[3].begin), "now please");
}

TEST(command_words_test, quotes_without_an_end_cost_no_more_than_other_words) {
  std::string many;
  for (int i = 0; i < 20'000; ++i)
    many += "\u201ea ";
  EXPECT_EQ(texts_of(many).size(), 20'000U); // Looked for once, not at each word: seconds before.
}

TEST(command_words_test, what_is_said_again_has_whole_characters) {
  EXPECT_EQ(shortened("short"), "short");
  std::string many = "a";
  for (int i = 0; i < 100; ++i)
    many += "\u00e9";
  EXPECT_EQ(shortened(many), many.substr(0, 99) + "...");
}

} // namespace
