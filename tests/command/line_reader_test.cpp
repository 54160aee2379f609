#include <bot/command/open/line_reader.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace {

using tutti::command::line_reader;

std::vector<std::string> read(std::size_t most, const std::vector<std::string>& parts) {
  line_reader reader{most};
  std::vector<std::string> lines;
  auto take = [&](std::string_view line, bool whole) {
    lines.push_back((whole ? "" : "too long: ") + std::string{line});
  };
  for (const auto& each : parts)
    reader.add(each, take);
  reader.end(take);
  return lines;
}

TEST(line_reader, cuts_wherever_the_pieces_end) {
  const std::vector<std::string> lines{"one", "", "two", "three"};
  EXPECT_EQ(read(10, {"one\n\ntwo\nthree"}), lines);
  EXPECT_EQ(read(10, {"o", "ne", "\n", "\ntw", "o\nthr", "ee"}), lines);
  EXPECT_EQ(read(10, {"one\n\ntwo\nthree\n"}), lines);
}

TEST(line_reader, passes_over_the_rest_of_a_line_that_is_too_long) {
  const std::vector<std::string> lines{"too long: abcd", "ef"};
  EXPECT_EQ(read(4, {"abcde\nef\n"}), lines);
  EXPECT_EQ(read(4, {"abc", "de", "fghi", "jk\nef"}), lines);
  EXPECT_EQ(read(4, {"abcd\nef\n"}), (std::vector<std::string>{"abcd", "ef"}));
  EXPECT_EQ(read(4, {"abcdefg"}), (std::vector<std::string>{"too long: abcd"}));
}

} // namespace
