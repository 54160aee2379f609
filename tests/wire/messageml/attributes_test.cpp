// Cases made of tests/samples/messageml/attributes.txt: each attribute given well, given badly, too
// long, and missing.
#include <tests/support/source_dir.hpp>
#include <wire/messageml/grammar/table.hpp>
#include <wire/messageml/messageml.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace tutti::messageml;

struct listed {
  int line = 0;
  std::string element;
  /// With `@` for the attribute.
  std::string frame;
  std::string attribute;
  std::vector<std::string> type;
  std::string needed;
};

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(' ');
  return from == text.npos ? "" : text.substr(from, text.find_last_not_of(' ') - from + 1);
}

std::vector<listed> listing() {
  std::ifstream file{tutti::testing::source_file("tests/samples/messageml/attributes.txt")};
  std::vector<listed> all;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.front() == '#')
      continue;
    std::vector<std::string> cells;
    std::istringstream row{line};
    for (std::string cell; std::getline(row, cell, '|');)
      cells.push_back(trimmed(cell));
    cells.resize(5);
    listed one{number, cells[0], cells[1], cells[2], {}, cells[4]};
    std::istringstream words{cells[3]};
    for (std::string word; words >> word;)
      one.type.push_back(word);
    if (one.frame.starts_with("form "))
      one.frame =
          R"(<form id="f">)" + one.frame.substr(5) + R"(<button name="b">B</button></form>)";
    all.push_back(std::move(one));
  }
  return all;
}

/// The kinds found; "good" for none.
std::string verdict(const listed& one, const std::string& attribute) {
  auto message = "<messageML>" + one.frame + "</messageML>";
  const auto at = message.find('@');
  message.replace(at, 1, attribute);
  const auto made = prepare(message);
  const auto* wrong = std::get_if<faults>(&made);
  if (!wrong)
    return "good";
  std::string all;
  for (const auto& each : *wrong)
    all += (all.empty() ? "" : " ") + std::string{to_string(each.kind)};
  return all;
}

struct values {
  std::vector<std::string> good;
  std::vector<std::string> bad;
  std::string fault;
};

values values_of(const listed& one) {
  const auto& kind = one.type.front();
  if (kind == "text")
    return {{"x", "a b", "&lt;&quot;"}, {}, ""};
  if (kind == "name")
    return {{"x", "a_b", "1"}, {"a b", "a&#9;b"}, "not-in-list"};
  if (kind == "bool")
    return {{"true", "false", "TRUE"}, {"", "1", "yes", " true"}, "not-a-boolean"};
  if (kind == "long")
    return {{"1", "-1", "+7", "9223372036854775807"},
            {"", "x", "1.5", " 1", "9223372036854775808", "+-1"},
            "not-an-integer"};
  if (kind == "int") {
    values made{{one.type[1], one.type[2], "+" + one.type[1]}, {"", "x", "1.5", "2147483648"}, ""};
    made.fault = "not-an-integer";
    return made;
  }
  if (kind == "word" || kind == "exact") {
    values made{
        {one.type.begin() + 1, one.type.end()}, {"nonsense", one.type[1] + " "}, "not-in-list"};
    if (one.element != "code")
      made.bad.emplace_back("");
    return made;
  }
  if (kind == "style")
    return {{"color:red", "margin-top: 1px; color: blue;", ""},
            {"x", "colour:red", "1:2"},
            "bad-style"};
  if (kind == "uri")
    return {{"https://a.example/b?c=d#e", "tel:1"},
            {"https://a b", "https://x/%q", "a|b:c"},
            "bad-uri"};
  if (kind == "id")
    return {{"x", "a-b_c"}, {"a b", "a&#9;b"}, "blank-in-id"};
  if (kind == "date")
    return {{"2026-03-01", "2024-02-29"},
            {"", "2026-3-1", "2025-02-29", "2026-13-01", "x"},
            "bad-date-or-time"};
  if (kind == "time")
    return {{"00:00:00", "23:59:59"},
            {"", "24:00:01", "9:00:00", "10:60:00", "10:00"},
            "bad-date-or-time"};
  if (kind == "datetime")
    return {{"2026-03-01T09:00:00Z", "2026-03-01T09:00+01:00"},
            {"2026-03-01", "09:00:00", "x"},
            "bad-date-or-time"};
  if (kind == "zone")
    return {
        {"", "Europe/Paris", "UTC", "+02:00"}, {"Europe/paris", "Mars", "EST"}, "bad-date-or-time"};
  if (kind == "dateformat")
    return {{"dd/MM/yyyy", "yyyy-MM-dd"}, {"", "HH", "ddd", "yyyy-MM-dd HH"}, "bad-date-or-time"};
  if (kind == "timeformat")
    return {{"HH:mm:ss", "h:mm a"}, {"", "dd", "HHH", "HH-mm"}, "bad-date-or-time"};
  if (kind == "users")
    return {
        {"[]", "[1,2]", "[&quot;1&quot;]"}, {"", "x", "1", "{}", "[true]", "[[1]]"}, "bad-json"};
  if (kind == "texts")
    return {{"[]", "[&quot;a&quot;]", "['a']"}, {"", "x", "{}", "[[1]]"}, "bad-json"};
  if (kind == "zones")
    return {
        {"[]", "[&quot;Europe/Paris&quot;]"}, {"", "x", "[&quot;Mars&quot;]", "{}"}, "bad-json"};
  if (kind == "dates")
    return {
        {"[]", "[{&quot;day&quot;:&quot;2026-03-01&quot;}]", "[{&quot;daysOfWeek&quot;:[0,6]}]"},
        {"", "x", "[{}]", "[1]", "[{&quot;day&quot;:&quot;x&quot;}]", "[{&quot;nonsense&quot;:1}]"},
        "bad-json"};
  if (kind == "times")
    return {{"[]", "[{&quot;time&quot;:&quot;10:00:00&quot;}]"},
            {"", "x", "[{}]", "[{&quot;from&quot;:&quot;10:00:00&quot;}]"},
            "bad-json"};
  ADD_FAILURE() << "no values for the type " << kind;
  return {};
}

std::string given(const listed& one, const std::string& value) {
  return " " + one.attribute + "=\"" + value + "\"";
}

TEST(messageml_attributes, are_taken_where_they_are_listed) {
  int cases = 0;
  for (const auto& one : listing()) {
    const auto all = values_of(one);
    SCOPED_TRACE("tests/samples/messageml/attributes.txt:" + std::to_string(one.line) + ": " +
                 one.element + " " + one.attribute);
    auto expect = [&](const std::string& value, const std::string& kind) {
      const auto seen = verdict(one, given(one, value));
      EXPECT_NE(seen.find(kind), std::string::npos) << value << " gives " << seen;
      ++cases;
    };
    for (const auto& value : all.good)
      expect(value, "good");
    for (const auto& value : all.bad)
      expect(value, value.empty() && one.needed == "needed" ? "attribute-missing" : all.fault);
    if (one.type.front() == "int") {
      expect(std::to_string(std::stoll(one.type[1]) - 1), "out-of-range");
      if (one.type[2].size() < 10)
        expect(std::to_string(std::stoll(one.type[2]) + 1), "out-of-range");
    }
    if (one.type.front() == "text" && one.type.size() > 1) {
      const auto most = static_cast<std::size_t>(std::stoll(one.type[1]));
      // A pattern of one letter, repeated, is a pattern.
      expect(std::string(most, 'x'), "good");
      expect(std::string(most + 1, 'x'), "too-long");
    }
  }
  EXPECT_GT(cases, 600);
}

TEST(messageml_attributes, are_missed_where_they_are_needed) {
  for (const auto& one : listing()) {
    SCOPED_TRACE(one.element + " " + one.attribute);
    auto expect = [&](const std::string& attribute, const std::string& kind) {
      const auto seen = verdict(one, attribute);
      EXPECT_NE(seen.find(kind), std::string::npos) << attribute << " gives " << seen;
    };
    if (one.needed == "needed" || one.needed == "present")
      expect("", "attribute-missing");
    if (one.needed == "needed")
      expect(given(one, ""), "attribute-missing");
    if (one.needed == "present" && one.element != "hash")
      expect(given(one, ""), "good");
  }
}

TEST(messageml_attributes, others_are_refused_everywhere) {
  for (const auto& one : listing())
    EXPECT_NE(verdict(one, " nonsense=\"x\"").find("unknown-attribute"), std::string::npos)
        << one.element;
}

/// What the listing does not name, the table must not take.
TEST(messageml_attributes, the_table_takes_no_others) {
  const auto all = listing();
  for (const auto& row : all_rows())
    for (const auto& each : row.attributes) {
      const auto shorthand = each.in != spelling::presentation;
      const auto own =
          each.name == "style" || each.name == "class" || each.name.starts_with("data-");
      // Those of audio, and what only a form within the entity data has.
      if (!shorthand || own || row.what == kind::chime || row.what == kind::select)
        continue;
      const auto known = std::any_of(all.begin(), all.end(), [&](const listed& one) {
        return one.element == row.tag && one.attribute == each.name;
      });
      const auto other = each.name == "pattern-error-message" || each.name == "user-ids" ||
                         each.name == "target-id" || each.type == value_type::ignored ||
                         row.what == kind::rich_text_area || row.what == kind::text_area;
      EXPECT_TRUE(known || other) << row.tag << " " << each.name;
    }
}

} // namespace
