#include <tutti/described.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

enum class side { buy, sell };
BOOST_DESCRIBE_ENUM(side, buy, sell)

struct line {
  std::string ticker;
  int count = 1;
};
BOOST_DESCRIBE_STRUCT(line, (), (ticker, count))

struct basket {
  std::vector<line> lines;
  std::optional<double> limit;
  std::map<std::string, bool> flags;
  side way = side::buy;
  std::chrono::minutes patience = 5min;
  std::chrono::system_clock::time_point at{};
  std::chrono::year_month_day until{};
  std::optional<user_id> who;
};
BOOST_DESCRIBE_STRUCT(basket, (), (lines, limit, flags, way, patience, at, until, who))

template <class T>
T read(const std::string& text) {
  T into{};
  read_value(*read_json(text), into);
  return into;
}

template <class T>
std::string misfit(const std::string& text) {
  try {
    read<T>(text);
  } catch (const misfit_error& error) {
    return error.what();
  }
  return "";
}

TEST(described_test, what_is_written_is_read) {
  basket one;
  one.lines = {{"VOD", 3}, {"BP \"x\"", -1}};
  one.limit = 1.5;
  one.flags = {{"urgent", true}};
  one.way = side::sell;
  one.patience = 90min;
  one.at = std::chrono::system_clock::time_point{1'800'000'000'123ms};
  one.until = std::chrono::year_month_day{std::chrono::year{2026}, std::chrono::month{12},
                                          std::chrono::day{31}};
  one.who = *user_id::make(7);
  auto text = to_json(to_value(one));
  auto two = read<basket>(text);
  EXPECT_EQ(two.lines[1].ticker, "BP \"x\"");
  EXPECT_EQ(two.lines[1].count, -1);
  EXPECT_EQ(two.limit, 1.5);
  EXPECT_EQ(two.flags, one.flags);
  EXPECT_EQ(two.way, side::sell);
  EXPECT_EQ(two.patience, 90min);
  EXPECT_EQ(two.at, one.at);
  EXPECT_EQ(two.until, one.until);
  EXPECT_EQ(two.who, one.who);
  EXPECT_EQ(to_json(to_value(two)), text);
}

TEST(described_test, what_is_missing_keeps_its_preset) {
  auto one = read<basket>(R"({"lines":[{"ticker":"VOD"}],"unknown":1})");
  EXPECT_EQ(one.lines[0].count, 1);
  EXPECT_EQ(one.patience, 5min);
}

TEST(described_test, what_does_not_fit_is_named_with_its_place) {
  EXPECT_EQ(misfit<basket>(R"({"lines":[{},{"count":"x"}]})"),
            "lines: 1: count: not a whole number");
  EXPECT_EQ(misfit<basket>(R"({"way":"hold"})"), "way: 'hold' is no value of it");
  EXPECT_EQ(misfit<basket>("[]"), "not an object");
  EXPECT_THAT(misfit<signed char>("300"), HasSubstr("out of range"));
}

TEST(described_test, plain_values_are_values) {
  EXPECT_EQ(to_json(to_value(std::string{"a"})), "\"a\"");
  EXPECT_EQ(read<int>("-3"), -3);
  EXPECT_EQ(read<double>("3"), 3.0);
  EXPECT_EQ(to_json(to_value(std::vector<bool>{true, false})), "[true,false]");
  EXPECT_EQ(to_json(to_value(std::numeric_limits<double>::infinity())), "null");
  EXPECT_FALSE(read_json("{"));
}

} // namespace
