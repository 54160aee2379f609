#include <transport/message/http_date.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace tutti;
using namespace std::chrono;

constexpr sys_seconds now = sys_days{year{2026} / 11 / 29} + hours{21};
constexpr sys_seconds then = sys_days{year{1994} / 11 / 6} + hours{8} + minutes{49} + seconds{37};

TEST(http_date, all_three_forms_are_read) {
  EXPECT_EQ(transport::parse_date("Sun, 06 Nov 1994 08:49:37 GMT", now), then);
  EXPECT_EQ(transport::parse_date("Sunday, 06-Nov-94 08:49:37 GMT", now), then);
  EXPECT_EQ(transport::parse_date("Sun Nov  6 08:49:37 1994", now), then);
  EXPECT_EQ(transport::parse_date("Wed Nov 16 08:49:37 1994", now), then + days{10});
}

TEST(http_date, two_digits_of_a_year_are_at_most_50_years_ahead) {
  auto year_of = [](const char* text) {
    return static_cast<int>(
        year_month_day{floor<days>(transport::parse_date(text, now).value())}.year());
  };
  EXPECT_EQ(year_of("Sunday, 06-Nov-76 08:49:37 GMT"), 2076);
  EXPECT_EQ(year_of("Sunday, 06-Nov-77 08:49:37 GMT"), 1977);
}

TEST(http_date, what_is_none_is_refused) {
  for (const auto* text :
       {"", "Sun", "Sun, ", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 -1:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "1994-11-06T08:49:37Z"})
    EXPECT_FALSE(transport::parse_date(text, now)) << text;
}

TEST(retry_seconds, a_number_counts_however_large_it_is) {
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  EXPECT_EQ(transport::retry_seconds("0", "", now), 0U);
  EXPECT_EQ(transport::retry_seconds("120", "", now), 120U);
  EXPECT_EQ(transport::retry_seconds("4294967295", "", now), most);
  EXPECT_EQ(transport::retry_seconds("4294967296", "", now), most);
  EXPECT_EQ(transport::retry_seconds("99999999999999999999999999", "", now), most);
}

TEST(retry_seconds, a_date_is_measured_against_that_of_the_answer) {
  const auto* date = "Sun, 06 Nov 1994 08:49:37 GMT";
  EXPECT_EQ(transport::retry_seconds("Sun, 06 Nov 1994 08:50:37 GMT", date, now), 60U);
  EXPECT_EQ(transport::retry_seconds("Sunday, 06-Nov-94 08:50:37 GMT", date, now), 60U);
  EXPECT_EQ(transport::retry_seconds("Sun Nov  6 08:50:37 1994", date, now), 60U);
  EXPECT_EQ(transport::retry_seconds("Sun, 06 Nov 1994 08:48:37 GMT", date, now), 0U)
      << "it is over";
  EXPECT_EQ(transport::retry_seconds("Sun, 29 Nov 2026 21:00:10 GMT", "", now), 10U);
}

TEST(retry_seconds, what_is_neither_counts_for_nothing) {
  for (const auto* text : {"", "soon", "-1", "1.5", "1 s", "+5"})
    EXPECT_FALSE(transport::retry_seconds(text, "", now)) << text;
}

} // namespace
