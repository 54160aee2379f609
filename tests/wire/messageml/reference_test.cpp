// docs/messageml-elements.md, and that its examples are what they are said to be.
#include <tests/support/source_dir.hpp>
#include <wire/messageml/grammar/table.hpp>
#include <wire/messageml/messageml.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace {

using namespace tutti::messageml;

TEST(messageml_reference, each_element_has_an_example_of_it_that_the_agent_takes) {
  for (const auto& row : all_rows()) {
    if (row.what == kind::message)
      continue;
    const auto made = prepare("<messageML>" + std::string{row.example} + "</messageML>");
    const auto* wrong = std::get_if<faults>(&made);
    EXPECT_FALSE(wrong) << row.tag << ": " << (wrong ? to_string(wrong->front()) : "");
    const auto begin = "<" + std::string{row.tag};
    const auto at = row.example.find(begin);
    ASSERT_NE(at, row.example.npos) << row.tag;
    EXPECT_NE(std::string_view{" />"}.find(row.example[at + begin.size()]), std::string_view::npos)
        << row.tag;
  }
}

TEST(messageml_reference, the_page_is_up_to_date) {
  std::ifstream file{tutti::testing::source_file("docs/messageml-elements.md")};
  const std::string page{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_TRUE(page == element_reference())
      << "run: build/bin/tutti messageml elements > docs/messageml-elements.md";
}

} // namespace
