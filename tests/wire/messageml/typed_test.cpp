#include <tutti/message_reader.hpp>

#include <wire/messageml/messageml.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace tutti::messageml;

prepared typed(const std::string& messageml) {
  prepare_options options;
  options.typed = true;
  return std::get<prepared>(prepare("<messageML>" + messageml + "</messageML>", {}, options));
}

const std::string typed_head =
    R"(<div data-format="PresentationML" data-version="2.0" class="wysiwyg">)";

TEST(typed_messages, have_paragraphs_and_numbered_entities) {
  const auto made =
      typed("Hello <mention uid=\"7\"/> <b>now</b><ul><li>a</li></ul>b <hash tag=\"x\"/>");
  EXPECT_EQ(made.presentation,
            typed_head +
                "<p>Hello <span class=\"entity\" data-entity-id=\"0\">@7</span> <b>now</b></p>"
                "<ul><li>a</li></ul>"
                "<p>b <span class=\"entity\" data-entity-id=\"1\">#x</span></p></div>");
  EXPECT_EQ(made.entities.substr(0, 6), "{\"0\":{");
}

TEST(typed_messages, are_read_as_others_are) {
  const auto made = typed("/buy <cash tag=\"IBM\"/> now");
  const auto read = read_message(made.presentation, made.entities);
  EXPECT_EQ(read.text, "/buy $IBM now");
  EXPECT_EQ(read.values(piece_kind::cashtag), std::vector<std::string>{"IBM"});
  EXPECT_TRUE(std::holds_alternative<prepared>(prepare(made.presentation, made.entities)));
}

} // namespace
