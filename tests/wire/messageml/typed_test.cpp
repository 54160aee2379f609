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

struct picky final : known {
  std::optional<known_user> user(std::string_view) const override { return std::nullopt; }
  bool scheme_allowed(std::string_view scheme) const override { return scheme == "https"; }
};

std::variant<prepared, faults> judged(const std::string& messageml) {
  static const picky facts;
  prepare_options options;
  options.facts = &facts;
  return prepare("<messageML>" + messageml + "</messageML>", {}, options);
}

TEST(what_a_pod_knows, decides_which_schemes_a_link_may_have) {
  EXPECT_TRUE(std::holds_alternative<prepared>(judged("<a href='https://x'/>")));
  const auto wrong = judged("<a href='http://x'/>");
  ASSERT_TRUE(std::holds_alternative<faults>(wrong));
  EXPECT_EQ(to_string(std::get<faults>(wrong).front()),
            "line 1, column 12: <a>: href: the pod takes no links of 'http'");
}

TEST(what_a_pod_knows, an_address_without_a_user_is_shown_as_a_link) {
  const auto made = judged("ask <mention email='a@b.c' strict='false'/> now");
  EXPECT_EQ(std::get<prepared>(made).text, "ask a@b.c now");
}

} // namespace
