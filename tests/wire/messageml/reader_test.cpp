#include <tutti/message_reader.hpp>
#include <tutti/messageml.hpp>

#include <wire/messageml/messageml.hpp>

#include <gmock/gmock.h>

#include <string>

namespace {

using namespace tutti::messageml;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string root = R"(<div data-format="PresentationML" data-version="2.0">)";

/// As the agent stores it, read again.
received_message stored(const std::string& messageml) {
  const auto made = std::get<prepared>(prepare("<messageML>" + messageml + "</messageML>"));
  return read_message(made.presentation, made.entities);
}

TEST(message_reader, names_what_a_message_names) {
  const auto seen = stored("Hello <mention uid=\"7\"/>, <hash tag=\"urgent\"/> <cash tag=\"ibm\"/> "
                           "<emoji shortcode=\"smiley\"/> <a href=\"https://x.example\">here</a>");
  EXPECT_EQ(seen.text, "Hello @7, #urgent $ibm 😃 here");
  EXPECT_THAT(seen.mentions(), ElementsAre(*tutti::user_id::make(7)));
  EXPECT_THAT(seen.values(piece_kind::hashtag), ElementsAre("urgent"));
  EXPECT_THAT(seen.values(piece_kind::cashtag), ElementsAre("ibm"));
  EXPECT_THAT(seen.values(piece_kind::emoji), ElementsAre("smiley"));
  EXPECT_THAT(seen.values(piece_kind::link), ElementsAre("https://x.example"));
  EXPECT_EQ(seen.flaw, "");
}

TEST(message_reader, a_client_s_message_is_read) {
  const auto seen = read_message(
      root.substr(0, root.size() - 1) + " class=\"wysiwyg\"><p>/buy <span class=\"entity\" "
                                        "data-entity-id=\"0\">$IBM</span> now</p></div>",
      R"({"0":{"id":[{"type":"org.symphonyoss.fin.security.id.ticker","value":"IBM"}],)"
      R"("type":"org.symphonyoss.fin.security","version":"1.0"}})");
  EXPECT_EQ(seen.text, "/buy $IBM now");
  EXPECT_THAT(seen.values(piece_kind::cashtag), ElementsAre("IBM"));
}

TEST(message_reader, is_unescaped_once) {
  EXPECT_EQ(stored("a &amp;lt; b &lt; c").text, "a &lt; b < c");
}

TEST(message_reader, blocks_are_lines) {
  EXPECT_EQ(stored("<p>a</p><ul><li>b</li><li>c</li></ul>d<br/>e").text, "a\nb\nc\nd\ne");
}

TEST(message_reader, forms_are_known_by_their_ids) {
  EXPECT_THAT(stored("<form id=\"order\"><button name=\"b\">B</button></form>").forms,
              ElementsAre("order"));
}

TEST(message_reader, an_instrument_has_all_its_ids) {
  const auto seen = read_message(
      root + "<span class=\"entity\" data-entity-id=\"tag1\">$x</span></div>",
      R"({"tag1":{"type":"org.symphonyoss.fin.security","version":"2.0","id":[)"
      R"({"type":"org.symphonyoss.fin.security.id.ticker","value":"x"},)"
      R"({"type":"org.symphonyoss.fin.security.id.isin","value":"y"},{"type":"z","value":null}]}})");
  ASSERT_EQ(seen.pieces.size(), 1U);
  EXPECT_EQ(seen.pieces[0].ids.size(), 3U);
  EXPECT_EQ(seen.pieces[0].ids[1].second, "y");
}

TEST(message_reader, an_entity_without_its_object_is_text) {
  for (const auto* data : {"{}", "", R"({"x":1})", R"({"x":{}})", R"({"y":{"x":{"type":"a"}}})"}) {
    const auto seen =
        read_message(root + "<span class=\"entity\" data-entity-id=\"x\">t</span></div>", data);
    EXPECT_EQ(seen.text, "t") << data;
    EXPECT_THAT(seen.values(piece_kind::object), IsEmpty()) << data;
  }
  const auto other =
      read_message(root + "<span class=\"entity big\" data-entity-id=\"x\">t</span></div>",
                   R"({"x":{"type":"com.symphony.user.mention"}})");
  EXPECT_EQ(other.text, "t");
  EXPECT_THAT(other.mentions(), IsEmpty());
}

TEST(message_reader, an_author_s_own_object_is_named) {
  const auto seen =
      read_message(root + "<span class=\"entity\" data-entity-id=\"o\">t</span></div>",
                   R"({"o":{"type":"com.bank.order","version":"1.0"}})");
  EXPECT_THAT(seen.values(piece_kind::object), ElementsAre("com.bank.order"));
  EXPECT_EQ(seen.pieces.at(0).entity, "o");
}

TEST(message_reader, what_cannot_be_read_is_said_and_does_no_harm) {
  EXPECT_EQ(read_message("", "").text, "");
  EXPECT_EQ(read_message("", "").flaw, "");
  EXPECT_NE(read_message("<div>x", "{}").flaw, "");
  const auto seen = read_message(root + "x</div>", "not JSON");
  EXPECT_EQ(seen.text, "x");
  EXPECT_NE(seen.flaw, "");
}

TEST(message_reader, an_unknown_element_is_its_text) {
  EXPECT_EQ(read_message("<div><blink class=\"x\">a<y/>b</blink></div>", "").text, "ab");
}

TEST(message_reader, a_built_message_reads_as_it_was_built) {
  const auto made = message{}.p("Hello ", mention(*tutti::user_id::make(7)), " ", b("now"));
  const auto seen = std::get<prepared>(prepare(made.xml()));
  const auto read = read_message(seen.presentation, seen.entities);
  EXPECT_EQ(read.text, "Hello @7 now");
  EXPECT_EQ(read.text, made.to_text());
}

TEST(message_reader, gives_the_markup_of_a_message_as_a_tree) {
  const auto tree = read_tree(root + "<p class=\"x\">a<b>&lt;</b></p></div>");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->tag, "div");
  EXPECT_EQ(tree->attributes.front(),
            (std::pair<std::string, std::string>{"data-format", "PresentationML"}));
  ASSERT_EQ(tree->children.size(), 1U);
  const message_node bold{.tag = "b", .children = {{.text = "<"}}};
  const message_node line{
      .tag = "p", .attributes = {{"class", "x"}}, .children = {{.text = "a"}, bold}};
  EXPECT_EQ(tree->children.front(), line);
  EXPECT_FALSE(read_tree("<div>"));
}

TEST(message_reader, what_is_named_within_a_link_is_read) {
  const auto seen =
      stored("<a href=\"https://x.example\">ask <mention uid=\"7\"/> now<br/>please</a>!");
  EXPECT_EQ(seen.text, "ask @7 now\nplease!");
  EXPECT_THAT(seen.mentions(), ElementsAre(*tutti::user_id::make(7)));
  EXPECT_THAT(seen.values(piece_kind::link), ElementsAre("https://x.example", "https://x.example"));
}

TEST(message_reader, what_follows_a_block_is_on_a_line_of_its_own) {
  EXPECT_EQ(stored("<p>/buy</p>IBM").text, "/buy\nIBM");
  EXPECT_EQ(stored("<table><tr><td>x</td><td>y</td></tr><tr><td>z</td></tr></table>a").text,
            "x y\nz\na");
}

TEST(message_reader, an_id_is_chosen_by_its_type) {
  const auto seen = read_message(
      root + "<span class=\"entity\" data-entity-id=\"0\">@A</span></div>",
      R"({"0":{"type":"com.symphony.user.mention","version":"1.0","id":[)"
      R"({"type":"com.symphony.user.email","value":"a@b"},{"type":"com.symphony.user.userId","value":"7"}]}})");
  EXPECT_THAT(seen.mentions(), ElementsAre(*tutti::user_id::make(7)));
}

} // namespace
