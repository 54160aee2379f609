#include <tutti/messageml.hpp>

#include <wire/messageml/messageml.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace {

using namespace tutti::messageml;

std::string xml_of(std::string_view text) {
  const auto made = markdown(text);
  EXPECT_TRUE(
      std::holds_alternative<prepared>(prepare("<messageML>" + made.xml() + "</messageML>")))
      << text << "\n"
      << made.xml();
  return made.xml();
}

TEST(markdown, bold_italic_and_links_are_phrases) {
  EXPECT_EQ(xml_of("**b** *i* ***both*** ~~gone~~"),
            "<p><b>b</b> <i>i</i> <i><b>both</b></i> "
            "<span style=\"text-decoration:line-through\">gone</span></p>");
  EXPECT_EQ(xml_of("[shown](https://x.example/?a=1&b=2) https://y.example"),
            "<p><a href=\"https://x.example/?a=1&amp;b=2\">shown</a> "
            "<a href=\"https://y.example\">https://y.example</a></p>");
}

TEST(markdown, blocks_keep_their_structure) {
  EXPECT_EQ(xml_of("# Head\n\none\ntwo\n\n- a\n- b\n  1. c\n\n> said\n\n---"),
            "<h1>Head</h1><p>one<br/>two</p><ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>"
            "<div style=\"border-left:3px solid;padding-left:8px\"><p>said</p></div><hr/>");
}

TEST(markdown, code_is_highlighted_where_clients_know_the_language) {
  EXPECT_EQ(xml_of("```Python\nif a < b:\n  x()\n```"),
            "<code language=\"python\">if a &lt; b:\n  x()\n</code>");
  EXPECT_EQ(xml_of("```cobol\nx\n```"), "<code>x\n</code>");
  EXPECT_EQ(xml_of("a `x<y` b **bold `z`**"), "<p>a <code>x&lt;y</code> b <b>bold z</b></p>");
}

TEST(markdown, tables_have_heads_and_alignment) {
  EXPECT_EQ(
      xml_of("| a | b |\n|---|--:|\n| 1 | **2** |"),
      "<table><thead><tr><th>a</th><th style=\"text-align:right\">b</th></tr></thead>"
      "<tbody><tr><td>1</td><td style=\"text-align:right\"><b>2</b></td></tr></tbody></table>");
}

TEST(markdown, nothing_in_the_text_is_trusted) {
  EXPECT_EQ(xml_of("<b>x</b> &lt;b&gt; ${x} #{y} &#0; &nbsp;"),
            "<p>&lt;b&gt;x&lt;/b&gt; &lt;b&gt; &#36;{x} &#35;{y} \xEF\xBF\xBD \xC2\xA0</p>");
  EXPECT_EQ(xml_of("[x](javascript:alert) [y](data:text/html,z) ![alt](https://x.example/i.png)"),
            "<p>x (javascript:alert) y (data:text/html,z) <a "
            "href=\"https://x.example/i.png\">alt</a></p>");
  EXPECT_EQ(xml_of("<script>\n\n<form id=\"f\">"),
            "<p>&lt;script&gt;</p><p>&lt;form id=&quot;f&quot;&gt;</p>");
}

TEST(markdown, what_is_shown_of_a_link_that_is_not_followed_keeps_its_form) {
  EXPECT_EQ(xml_of("[**x**](docs/a.md) **[y](ftp://a)**"),
            "<p><b>x</b> (docs/a.md) <b>y (ftp://a)</b></p>");
}

TEST(markdown, what_is_too_deep_is_shown_without_its_elements) {
  const auto made = xml_of(std::string(2'000, '>') + " deep");
  EXPECT_NE(made.find("deep"), made.npos);
  std::string nested;
  for (int i = 0; i < 150; ++i)
    nested += std::string(static_cast<std::size_t>(i) * 2, ' ') + "- x\n";
  EXPECT_NE(xml_of(nested).find("<li>x"), std::string::npos);
}

TEST(markdown, a_span_whose_end_the_parser_loses_ends_with_its_block) {
  EXPECT_NE(xml_of("_c\r![](\t.->\"[*a)>`{`)](\":#-_a*!'.<!!\\).$\n\nnext").find("<p>next</p>"),
            std::string::npos);
}

TEST(markdown, what_becomes_too_large_is_refused) {
  EXPECT_THROW((void)markdown(std::string(60'001, 'x')), build_error);
  std::string many = "[x]: http://a/" + std::string(20'000, 'b') + "\n\n";
  for (int i = 0; i < 5'000; ++i)
    many += "[x] ";
  EXPECT_THROW((void)markdown(many), build_error);
}

TEST(markdown, any_text_is_taken) {
  std::mt19937_64 random{1};
  const std::string_view alphabet = "*_`~[]()<>!#-+>|:\n \\&;$1.abc\"'\t\r={}\xC3\xBC";
  for (int turn = 0; turn < 5'000; ++turn) {
    std::string text(random() % 60, ' ');
    for (auto& each : text)
      each =
          random() % 50 == 0 ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
    const auto made = markdown(text).xml();
    const auto checked = prepare("<messageML>" + made + "x</messageML>");
    const auto* wrong = std::get_if<faults>(&checked);
    ASSERT_FALSE(wrong) << text << "\n" << made << "\n" << to_string(wrong->front());
  }
}

} // namespace
