#include <tutti/messageml.hpp>

#include <wire/messageml/messageml.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cuchar>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

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

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + what.size()))
    ++found;
  return found;
}

/// How a text comes back, by a reading of UTF-8 of its own: what a message cannot hold is U+FFFD,
/// and a carriage return is a line feed.
std::string shown(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const auto size = [&]() -> std::size_t {
      std::mbstate_t state{};
      char32_t code = 0;
      const auto read = std::mbrtoc32(&code, text.data(), text.size(), &state);
      const auto bad = read > 4 || (code < 0x20 && code != '\n' && code != '\t' && code != '\r') ||
                       code == 0xFFFE || code == 0xFFFF || code > 0x10FFFF;
      return bad ? 0 : std::max<std::size_t>(read, 1);
    }();
    if (text.starts_with("\r\n"))
      text.remove_prefix(1);
    made += size == 0              ? "\xEF\xBF\xBD"
            : text.front() == '\r' ? "\n"
                                   : std::string{text.substr(0, size)};
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return made;
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
  static_assert(!std::is_convertible_v<list_item<content>, content>);
  static_assert(!std::is_convertible_v<table_cell<content>, content>);
  static_assert(std::is_convertible_v<phrase, content>);
  static_assert(std::is_convertible_v<content, form_part>);
  // A paragraph with a field is one for forms.
  static_assert(std::is_same_v<decltype(p("x")), content>);
  static_assert(std::is_same_v<decltype(p(text_field("x"))), form_part>);
  static_assert(std::is_same_v<decltype(table(row(cell("x"), cell(text_field("x"))))), form_part>);
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

TEST(message_builder, what_the_table_has_no_column_for_is_checked_at_once) {
  EXPECT_EQ(refusal_of([] { (void)hyperlink("www.example.com/x"); }),
            "<a>: href: it begins with a scheme, as https:");
  EXPECT_EQ(refusal_of([] { (void)hashtag("two words"); }),
            "<hash>: tag: no blanks, and at least one letter or digit");
  EXPECT_EQ(refusal_of([] { (void)hashtag(""); }), refusal_of([] { (void)hashtag("--"); }));
  EXPECT_EQ(refusal_of([] { (void)emoji(":smiley:"); }),
            "<emoji>: shortcode: letters, digits, _ + -");
  EXPECT_EQ(refusal_of([] { (void)instrument(instrument_key::isin, ""); }),
            "<tag>: isin: it is empty");
  EXPECT_EQ(refusal_of([] { (void)styled("entity", "", "x"); }),
            "<span>: class: the word 'entity' is for objects of the entity data");
  EXPECT_NE(refusal_of([] { (void)styled("x\nentity", "", "x"); }), "");
  EXPECT_NE(refusal_of([] { (void)styled_block("", "nothing:red", "x"); }), "");
  EXPECT_NE(refusal_of([] {
              (void)styled("",
                           "\x1f"
                           "color:x",
                           "x");
            }),
            "");
  EXPECT_EQ(refusal_of([] { (void)open_chat("x", tutti::stream_id{}); }),
            "<ui-action>: stream-id: it names a stream");
  EXPECT_EQ(refusal_of([] {
              content nested{"x"};
              for (int i = 0; i < 500; ++i)
                nested = div(nested);
            }),
            "<div>: more than 500 elements within each other");
}

TEST(message_builder, a_label_of_a_box_is_on_one_line) {
  EXPECT_EQ(form("f", checkbox("c", "a\nb"), action("s", "S")).xml(),
            "<form id=\"f\"><checkbox name=\"c\" value=\"on\">a\nb</checkbox>"
            "<button name=\"s\" type=\"action\" class=\"primary\">S</button></form>");
  EXPECT_EQ(refusal_of([] { (void)form("f", checkbox("c", mention(ada)), action("s", "S")); }),
            "<checkbox>: <mention> is not allowed in it");
}

TEST(message_builder, what_is_built_is_taken_whatever_the_values_are) {
  std::mt19937_64 random{3};
  const auto word = [&] {
    static const char* const pieces[] = {
        "a",      "1", "-", "_",  ":", "/", " ", "\"",           "<",         "&", "{",
        "https:", "#", "$", "\n", "ü", ".", "@", "Europe/Paris", "2026-03-01"};
    std::string made;
    for (auto left = random() % 4; left > 0; --left)
      made += pieces[random() % std::size(pieces)];
    return made;
  };
  const auto one = [&](std::uint64_t which) -> content {
    switch (which) {
    case 0:
      return hyperlink(word(), word());
    case 1:
      return hashtag(word());
    case 2:
      return cashtag(word());
    case 3:
      return emoji(word());
    case 4:
      return instrument(instrument_key::isin, word(), word());
    case 5:
      return date_time(word());
    case 6:
      return styled(word(), word(), word());
    case 7:
      return image(word());
    case 8:
      return code(word(), word());
    case 9:
      return mention_by_email(word());
    case 10:
      return card(header(word()), body(word()), {.icon = word(), .accent = word()});
    case 11:
      return form(word(), text_field(word(), {.label = word(), .pattern = word(), .value = word()}),
                  select(word(), {{word(), word()}}), checkbox(word(), word(), {.value = word()}),
                  action(word(), word()));
    case 12:
      return form("f", date_picker(word(), {.value = word(), .format = word()}),
                  timezone_picker(word(), {.value = word(), .disabled_zones = {word()}}),
                  action("s", word()));
    default:
      return markdown(word());
    }
  };
  auto built = 0;
  for (int turn = 0; turn < 5'000; ++turn) {
    std::string xml;
    const auto why = refusal_of([&] { xml = message(one(random() % 14), "x").xml(); });
    if (!why.empty())
      continue;
    ++built;
    const auto made = prepare(xml);
    const auto* wrong = std::get_if<faults>(&made);
    ASSERT_FALSE(wrong) << xml << "\n" << to_string(wrong->front());
  }
  EXPECT_GT(built, 1'000);
}

TEST(message_builder, as_many_rows_and_items_as_there_are) {
  std::vector<table_row<content>> rows;
  std::vector<list_item<content>> items;
  for (const auto* each : {"a", "b"}) {
    rows.push_back(row(cell(each)));
    items.push_back(item(each));
  }
  EXPECT_EQ(
      message(table(table_head(row(header_cell("h"))), rows), bullets(items)).xml(),
      "<messageML><table><thead><tr><th>h</th></tr></thead><tr><td>a</td></tr><tr><td>b</td></tr>"
      "</table><ul><li>a</li><li>b</li></ul></messageML>");
  EXPECT_EQ(refusal_of([] { (void)numbers(std::vector<list_item<content>>{}); }),
            "<ol>: a list has at least one item");
}

TEST(message_builder, the_text_of_a_message_has_its_lines) {
  EXPECT_EQ(message{}.p("a").add("b").to_text(), "a\nb");
  EXPECT_EQ(message(table(row(cell("x"), cell("y")), row(cell("z")))).to_text(), "x y\nz");
  EXPECT_EQ(message(card(header("h"), body("b")), "c").to_text(), "h\nb\nc");
  EXPECT_EQ(message("see ", hyperlink("https://x.example")).to_text(), "see https://x.example");
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
  EXPECT_EQ(refusal_of([] { message{}.raw("<p>a</p>\n<h7>x</h7>"); }),
            "line 2, column 1: <h7>: there is no such element");
  EXPECT_NE(refusal_of([] { message{}.raw("</messageML><messageML>"); }), "");
  EXPECT_NE(refusal_of([] { message{}.raw("Price: $").add("{x}"); }), "");
}

TEST(message_builder, a_field_may_be_in_a_paragraph_or_a_table_of_its_form) {
  const auto made = form("f", p("Name: ", text_field("name")),
                         table(row(cell("IBM"), cell(action("tablesel-row-0", "Take")))));
  EXPECT_EQ(made.xml(),
            "<form id=\"f\"><p>Name: <text-field name=\"name\"/></p><table><tr><td>IBM</td><td>"
            "<button name=\"tablesel-row-0\" type=\"action\" class=\"primary\">Take</button>"
            "</td></tr></table></form>");
}

TEST(message_builder, every_kind_of_part_is_taken) {
  const auto room = *tutti::stream_id::make("usnBKBkH_BVrGOiVpaupEH___okFfE7QdA");
  const std::array weekend{std::chrono::Saturday, std::chrono::Sunday};
  const auto fields =
      form({.id = "all", .several_times = true}, rich_text_area("r", {.label = "Rich"}),
           text_area("t", {.value = "a\nb", .rows = 3, .columns = 20}), checkbox("c", b("yes")),
           radio("o", "one", {.value = "1", .checked = true}),
           select("s", {{"1", "one"}, {"2", "two"}},
                  {.required = true, .multiple = true, .min = 1, .max = 2}),
           date_selector("old", "day", true),
           date_picker("d", {.value = "2026-03-01",
                             .format = "dd/MM/yyyy",
                             .disabled_dates = {date_interval::day("2026-12-25"),
                                                date_interval::between("2026-07-01", "2026-07-31"),
                                                date_interval::weekdays(weekend)}}),
           time_picker("h", {.value = "09:30:00",
                             .format = "HH:mm",
                             .step = std::chrono::minutes{30},
                             .strict = true,
                             .disabled_times = {time_interval::at("12:00:00"),
                                                time_interval::between("18:00:00", "20:00:00")}}),
           timezone_picker("z", {.value = "Europe/Paris", .disabled_zones = {"America/New_York"}}),
           person_selector("p", {.label = "Who?", .value = {ada}}),
           room_selector("m", {.value = {room}}),
           action("send", "Send", {.title = "now", .skips_validation = true}), cancel("no", "Stop"),
           reset("Empty"));
  const std::array both{ada, *tutti::user_id::make(8)};
  const auto made =
      message{}
          .add(styled_block("tempo-bg-color--blue", "color:red", "block"))
          .heading(2, "Order ", subscript("a"), superscript("b"), styled("x", "color:red", "red"))
          .p(hashtag("deal"), cashtag("IBM"), emoji("smiley"), image("https://x.example/i.png"),
             instrument(instrument_key::isin, "US0378331005", "AAPL"),
             date_time("2026-03-01T09:30:00+01:00", time_form::date))
          .add(card(header("head"), body("body"), {.accent = "tempo-bg-color--blue"}))
          .add(expandable_card(header("head"), body_with_error("failed"), card_state::expanded))
          .add(table(table_head(row(header_cell("h"))), row(cell(spans{.columns = 2}, "x")),
                     table_foot(row(cell("f")))))
          .add(fields)
          .add(open_im("Chat", both))
          .add(open_chat("Room", room))
          .add(open_dialog("More", "more"))
          .add(dialog({.id = "more", .width = dialog_width::large}, dialog_title("t"),
                      dialog_body("b"), dialog_footer("f")))
          .add(dialog({.id = "ask"}, {.id = "answer"}, dialog_title("t"),
                      dialog_body(text_field("n")), dialog_footer(action("ok", "OK"))));
  const auto xml = made.xml(); // It is checked as a whole: there are dialogs.
  EXPECT_TRUE(std::holds_alternative<prepared>(prepare(xml)));
  for (const auto* each :
       {"multi-submit=\"no-reset\"",
        "disabled-date=\"[{&quot;day&quot;:&quot;2026-12-25&quot;},{&quot;from&quot;:"
        "&quot;2026-07-01&quot;,&quot;to&quot;:&quot;2026-07-31&quot;},{&quot;daysOfWeek&quot;:[6,"
        "0]}]\"",
        "step=\"1800\"", "<body variant=\"error\">failed</body>",
        "<td colspan=\"2\" rowspan=\"1\">x</td>", "user-ids=\"[7,8]\"",
        "value=\"[&quot;usnBKBkH_BVrGOiVpaupEH___okFfE7QdA&quot;]\""})
    EXPECT_NE(xml.find(each), xml.npos) << each << "\n" << xml;
}

TEST(message_builder, what_concerns_the_whole_message_is_checked_when_it_is_written) {
  EXPECT_EQ(refusal_of([] { (void)message{}.xml(); }), refusal_of([] { (void)message("").xml(); }));
  EXPECT_EQ(refusal_of([] { (void)message{}.add(open_dialog("More", "more")).xml(); }),
            "<ui-action>: target-id: no dialog with that id is beside it");
  EXPECT_NE(refusal_of([] { (void)message{"x"}.add(chime()).xml(); }), "");
  EXPECT_EQ(message(chime()).xml(), "<messageML><chime/></messageML>");
  message many;
  for (int i = 0; i < 80; ++i)
    many.add(mention(ada));
  EXPECT_EQ(refusal_of([&] { (void)many.xml(); }), "");
  EXPECT_EQ(refusal_of([&] { (void)many.add(b(mention(ada))).xml(); }),
            "a message has at most 80 entities");
  EXPECT_EQ(refusal_of([] { (void)message(std::string(60'001, 'x')).xml(); }),
            "a message has at most 60,000 characters");
}

/// Any bytes as texts leave what is around them as it is, and come back but for what is replaced:
/// a million of them, a hundred in a message.
TEST(message_builder, any_bytes_stay_within_their_element) {
  ASSERT_TRUE(std::setlocale(LC_CTYPE, "C.UTF-8"));
  std::mt19937_64 random{1};
  for (int turn = 0; turn < 10'000; ++turn) {
    message many;
    std::string lines;
    for (int i = 0; i < 100; ++i) {
      std::string bytes(random() % 12, '\0');
      for (auto& each : bytes)
        each = static_cast<char>(random() % 4 == 0 ? "<>&\"'${}#/\n-[]!"[random() % 15] : random());
      many.add(p(b(bytes), "|"));
      lines += shown(bytes) + "|\n";
    }
    lines.pop_back();
    const auto made = prepare(many.xml());
    ASSERT_TRUE(std::holds_alternative<prepared>(made)) << turn;
    const auto& [presentation, entities, text] = std::get<prepared>(made);
    ASSERT_EQ(text, lines) << turn;
    ASSERT_EQ(entities, "{}");
    // A hundred paragraphs, each with one bold text, and nothing else but breaks.
    ASSERT_EQ(count(presentation, "<p>"), 100U);
    ASSERT_EQ(count(presentation, "<b>") + count(presentation, "<b/>"), 100U);
    ASSERT_EQ(count(presentation, "<"), count(presentation, "<br/>") + count(presentation, "<b/>") +
                                            2 * count(presentation, "<b>") + 202);
  }
}

} // namespace
