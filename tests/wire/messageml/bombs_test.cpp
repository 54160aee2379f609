// What is made to cost much is refused, or cheap: each of these would take minutes if a step were
// not linear, and the test's time is bounded.
#include <wire/messageml/messageml.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace tutti::messageml;

std::string repeated(const std::string& text, std::size_t bytes) {
  std::string all;
  while (all.size() + text.size() <= bytes)
    all += text;
  return all;
}

std::string verdict(const std::string& message, const std::string& data = {}) {
  const auto made = prepare(message, data);
  const auto* wrong = std::get_if<faults>(&made);
  return wrong ? std::string{to_string(wrong->front().kind)} : "good";
}

constexpr std::size_t much = 1'400'000;

TEST(messageml_bombs, deep_ones_are_refused) {
  EXPECT_EQ(verdict("<messageML>" + repeated("<b>", much)), "too-deep");
  EXPECT_EQ(verdict("<messageML>" + repeated("<div>", 3'000) + repeated("</div>", 3'600) +
                    "</messageML>"),
            "too-deep");
  EXPECT_EQ(verdict("<messageML/>", repeated("[", much)), "bad-entity-json");
  EXPECT_EQ(verdict("<messageML/>", "{\"a\":" + repeated("{\"a\":", much)), "bad-entity-json");
}

TEST(messageml_bombs, large_ones_are_refused) {
  EXPECT_EQ(verdict("<messageML>" + std::string(1'600'000, 'x') + "</messageML>"), "too-large");
  EXPECT_EQ(verdict("<messageML>" + std::string(60'001, 'x') + "</messageML>"), "too-large");
  EXPECT_EQ(verdict("<messageML>" + std::string(60'000, 'x') + "</messageML>"), "good");
}

TEST(messageml_bombs, crowded_tags_are_refused) {
  std::string many;
  for (int i = 0; many.size() < much; ++i)
    many += " a" + std::to_string(i) + "='x'";
  EXPECT_EQ(verdict("<messageML><b" + many + "/></messageML>"), "unknown-attribute");
}

TEST(messageml_bombs, many_entities_are_refused) {
  std::string data = "{\"x\":{\"type\":\"a\"}";
  for (int i = 0; data.size() < much / 2; ++i)
    data += ",\"y" + std::to_string(i) + "\":{}";
  data += "}";
  EXPECT_EQ(verdict("<messageML>" + repeated("<div class='entity' data-entity-id='x'/>", much / 2) +
                        "</messageML>",
                    data),
            "too-many");
  EXPECT_EQ(verdict("<messageML>" + repeated("<hash tag='x'/>", 80 * 15) + "</messageML>"), "good");
  EXPECT_EQ(verdict("<messageML>" + repeated("<hash tag='x'/>", 81 * 15) + "</messageML>"),
            "too-many");
}

TEST(messageml_bombs, many_of_a_kind_cost_as_many_looks) {
  EXPECT_EQ(verdict("<messageML>" +
                    repeated("<ui-action action='open-dialog' target-id='d'><button>x</button>"
                             "</ui-action>",
                             much) +
                    "</messageML>"),
            "dialog-target");
  EXPECT_EQ(verdict("<messageML>" + repeated("<label for='x'/>", much) + "</messageML>"),
            "duplicate-id");
  EXPECT_EQ(verdict("<messageML>" + repeated("<p/>", much) + "</messageML>"), "good");
  EXPECT_EQ(verdict("<messageML><p style='" + repeated("color:red;", much) + "'/></messageML>"),
            "good");
  EXPECT_EQ(verdict("<messageML><p class='" + repeated("a ", much) + "'/></messageML>"), "good");
  EXPECT_EQ(verdict("<messageML>" + repeated("&amp;", 59'000 * 5) + "</messageML>"), "good");
  EXPECT_EQ(verdict("<messageML>" + repeated("${x}", much) + "</messageML>"), "bad-template");
}

TEST(messageml_bombs, templates_that_become_too_large_are_refused) {
  EXPECT_EQ(verdict("<messageML>" + repeated("${data.a}", 9 * 5'000) + "</messageML>",
                    "{\"a\":\"" + std::string(400'000, 'x') + "\"}"),
            "too-large");
}

TEST(messageml_bombs, boxes_beside_each_other_are_looked_at_once) {
  EXPECT_EQ(verdict("<messageML><form id='f'>" +
                    repeated("<input type='checkbox' name='a'/>", 33 * 40'000) +
                    "<button name='b'>B</button></form></messageML>"),
            "too-many");
}

} // namespace
