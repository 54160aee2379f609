#include <tutti/messageml.hpp>

#include <wire/messageml/messageml.hpp>

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <type_traits>

namespace {

using namespace tutti::messageml;

const auto ada = *tutti::user_id::make(7);

/// What is thrown; empty: nothing.
template <class Act>
std::string refusal_of(Act act) {
  try {
    act();
  } catch (const build_error& error) {
    return error.what();
  }
  return {};
}

TEST(message_builder, a_message_reads_as_it_is_written) {
  const auto made =
      message{}
          .p("Hello ", mention(ada), b("now"))
          .form("order", text_field("quantity", {.label = "How many?", .required = true}),
                action("send", "Send"));
  EXPECT_EQ(
      made.xml(),
      "<messageML><p>Hello <mention uid=\"7\"/><b>now</b></p><form id=\"order\">"
      "<text-field name=\"quantity\" label=\"How many?\" required=\"true\"/>"
      "<button name=\"send\" type=\"action\" class=\"primary\">Send</button></form></messageML>");
  EXPECT_EQ(made.to_text(), "Hello @7now\nSend");
}

TEST(message_builder, a_text_is_never_markup) {
  EXPECT_EQ(message("<b>&\"'${x}#{y}").xml(),
            "<messageML>&lt;b&gt;&amp;&quot;&#39;&#36;{x}&#35;{y}</messageML>");
  EXPECT_EQ(message("a\nb\r\nc\rd").xml(), "<messageML>a<br/>b<br/>c<br/>d</messageML>");
  EXPECT_EQ(message(hyperlink("https://x.example/?a=1&b=$c", "x")).xml(),
            "<messageML><a href=\"https://x.example/?a=1&amp;b=&#36;c\">x</a></messageML>");
}

TEST(message_builder, what_a_message_cannot_hold_is_replaced) {
  const std::string bad = std::string{"a\0b\x01", 4} + "\xC0\xAF\xED\xA0\x80\xEF\xBF\xBF\xFF";
  const auto text = message(bad).to_text();
  EXPECT_EQ(text.find('\0'), text.npos);
  EXPECT_NE(text.find("a\xEF\xBF\xBD"
                      "b\xEF\xBF\xBD"),
            text.npos);
}

TEST(message_builder, code_keeps_its_line_feeds) {
  EXPECT_EQ(message(code("a\n<b>", "cpp")).xml(),
            "<messageML><code language=\"cpp\">a\n&lt;b&gt;</code></messageML>");
}

TEST(message_builder, lists_and_tables_hold_what_they_may) {
  const auto made = message(bullets(item("a"), item(b("b"), bullets(item("c")))),
                            table(row(header_cell("h")), row(cell("x", p("y")))));
  EXPECT_EQ(made.xml(),
            "<messageML><ul><li>a</li><li><b>b</b><ul><li>c</li></ul></li></ul>"
            "<table><tr><th>h</th></tr><tr><td>x<p>y</p></td></tr></table></messageML>");
}

TEST(message_builder, what_may_not_be_somewhere_does_not_compile) {
  // A paragraph is no phrase, a field no content, an item no content.
  static_assert(!std::is_convertible_v<content, phrase>);
  static_assert(!std::is_convertible_v<form_part, content>);
  static_assert(!std::is_convertible_v<list_item, content>);
  static_assert(!std::is_convertible_v<table_cell, content>);
  static_assert(std::is_convertible_v<phrase, content>);
  static_assert(std::is_convertible_v<content, form_part>);
}

TEST(message_builder, a_bad_value_is_named_at_once) {
  EXPECT_EQ(refusal_of([] { (void)text_field(""); }), "<text-field>: name: it is empty");
  EXPECT_EQ(refusal_of([] { (void)text_field("a", {.max_length = 129}); }),
            "<text-field>: maxlength: it is from 1 to 128");
  EXPECT_EQ(refusal_of([] { (void)hyperlink("https://a b", "x"); }),
            "<a>: href: ' ' is not allowed");
  EXPECT_EQ(refusal_of([] { (void)code("x", "cobol"); }).substr(0, 18), "<code>: language: ");
  EXPECT_EQ(refusal_of([] { (void)date_picker("d", {.value = "tomorrow"}); }),
            "<date-picker>: value: a date is like 2026-03-01");
}

TEST(message_builder, a_form_is_checked_as_a_whole) {
  EXPECT_EQ(refusal_of([] { (void)form("f", text_field("a")); }),
            "<form>: a form needs a <button> of type action");
  EXPECT_EQ(refusal_of([] {
              (void)form("f", text_field("a", {.min_length = 5, .max_length = 4}),
                         action("s", "S"));
            }),
            "<text-field>: minlength: it is above maxlength");
  EXPECT_EQ(
      refusal_of([] {
        (void)form("f", select("a", {{"1", "one", true}, {"2", "two", true}}), action("s", "S"));
      }),
      "<select>: without multiple one option may be selected");
  EXPECT_EQ(refusal_of([] {
              (void)message{}.form("f", action("s", "S")).form("f", action("s", "S")).xml();
            }),
            "<form>: another form or dialog has the id 'f'");
}

TEST(message_builder, ready_markup_is_checked_when_it_is_given) {
  EXPECT_EQ(message{}.raw("<h1>x</h1>").xml(), "<messageML><h1>x</h1></messageML>");
  EXPECT_EQ(refusal_of([] { message{}.raw("<h7>x</h7>"); }), "<h7>: there is no such element");
  EXPECT_NE(refusal_of([] { message{}.raw("</messageML><messageML>"); }), "");
}

/// Any bytes as a text leave what is around them as it is, and come back but for what is replaced.
TEST(message_builder, any_bytes_stay_within_their_element) {
  std::mt19937_64 random{1};
  for (int turn = 0; turn < 20'000; ++turn) {
    std::string bytes(random() % 12, '\0');
    for (auto& each : bytes)
      each = static_cast<char>(random() % 4 == 0 ? "<>&\"'${}#/\n-[]!"[random() % 15] : random());
    const auto made = prepare(message(p(b(bytes), "|"), p("end")).xml());
    ASSERT_TRUE(std::holds_alternative<prepared>(made)) << turn;
    const auto& shown = std::get<prepared>(made).presentation;
    EXPECT_TRUE(shown.ends_with("</b>|</p><p>end</p></div>") || bytes.empty()) << shown;
    EXPECT_EQ(shown.find("<p><b"),
              std::string{"<div data-format=\"PresentationML\" data-version=\"2.0\">"}.size());
  }
}

} // namespace
