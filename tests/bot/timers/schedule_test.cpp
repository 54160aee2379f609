#include <bot/hearing/timers/schedule.hpp>

#include <date/tz.h>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

std::chrono::system_clock::time_point at(const std::string& utc) {
  std::istringstream in{utc};
  std::chrono::system_clock::time_point read;
  in >> date::parse("%F %T", read);
  EXPECT_FALSE(in.fail()) << utc;
  return read;
}

/// The first time after `now`, in UTC.
std::string next(const std::string& when, const std::string& now) {
  const auto read = schedule::read(when);
  EXPECT_TRUE(read) << when;
  return date::format("%F %T", date::floor<std::chrono::seconds>(read->next(at(now))));
}

std::string flaw(const std::string& when) {
  const auto read = schedule::read(when);
  return read ? "" : read.error().detail;
}

TEST(schedule_test, a_time_of_day_is_that_of_its_zone) {
  EXPECT_EQ(next("09:00 Europe/London", "2026-01-15 08:00:00"), "2026-01-15 09:00:00");
  EXPECT_EQ(next("09:00 Europe/London", "2026-07-15 07:59:59"), "2026-07-15 08:00:00");
  EXPECT_EQ(next("09:00 Europe/London", "2026-07-15 08:00:00"), "2026-07-16 08:00:00");
  EXPECT_EQ(next("23:30:15 Asia/Tokyo", "2026-07-15 00:00:00"), "2026-07-15 14:30:15");
}

TEST(schedule_test, a_time_that_is_skipped_is_due_when_the_clocks_have_changed) {
  // London, 29 March 2026: 01:00 is followed by 02:00.
  EXPECT_EQ(next("01:30 Europe/London", "2026-03-28 12:00:00"), "2026-03-29 01:00:00");
  EXPECT_EQ(next("01:30 Europe/London", "2026-03-29 01:00:00"), "2026-03-30 00:30:00");
}

TEST(schedule_test, a_time_that_occurs_twice_is_due_once) {
  // London, 25 October 2026: 01:59 is followed by 01:00.
  EXPECT_EQ(next("01:30 Europe/London", "2026-10-24 12:00:00"), "2026-10-25 00:30:00");
  EXPECT_EQ(next("01:30 Europe/London", "2026-10-25 00:30:00"), "2026-10-26 01:30:00");
}

TEST(schedule_test, days_are_those_of_its_zone) {
  // 2026-07-17 is a Friday.
  EXPECT_EQ(next("Mon-Fri 17:00 UTC", "2026-07-17 17:00:00"), "2026-07-20 17:00:00");
  EXPECT_EQ(next("sat,Wed 08:00 UTC", "2026-07-17 17:00:00"), "2026-07-18 08:00:00");
  EXPECT_EQ(next("Fri-Sun 08:00 UTC", "2026-07-19 08:00:00"), "2026-07-24 08:00:00");
  EXPECT_EQ(next("Mon 00:30 Pacific/Auckland", "2026-07-19 00:00:00"), "2026-07-19 12:30:00");
}

TEST(schedule_test, an_interval_is_counted_from_the_epoch) {
  EXPECT_EQ(next("15m", "2026-07-17 17:03:20"), "2026-07-17 17:15:00");
  EXPECT_EQ(next("15m", "2026-07-17 17:15:00"), "2026-07-17 17:30:00");
  EXPECT_EQ(next("1h30m", "2026-07-17 17:15:00"), "2026-07-17 18:00:00");
}

TEST(schedule_test, what_is_none_is_refused_with_the_part_that_is_wrong) {
  EXPECT_THAT(flaw("09:00 Europe/Lodnon"), HasSubstr("has no 'Europe/Lodnon'"));
  EXPECT_THAT(flaw("24:00 UTC"), HasSubstr("'24:00' is no time of day"));
  EXPECT_THAT(flaw("09:0x UTC"), HasSubstr("'09:0x' is no time of day"));
  EXPECT_THAT(flaw("Mun 09:00 UTC"), HasSubstr("'Mun' are no days"));
  EXPECT_THAT(flaw("500ms"), HasSubstr("a second or more"));
  EXPECT_THAT(flaw(""), HasSubstr("has not the parts"));
  EXPECT_THAT(flaw("at 09:00 or so UTC"), HasSubstr("write it as"));
}

} // namespace
