// `bot.every`, at a desk.
#include <tutti/testing/desk.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

class schedules_test : public ::testing::Test {
public:
  void every(const std::string& when, std::chrono::milliseconds late = 1h) {
    desk.bot().every(
        when,
        [this](chat& chat) -> task<> {
          times.push_back(chat.bot().now());
          co_return;
        },
        late);
  }
  tutti::testing::desk desk;
  std::vector<std::chrono::system_clock::time_point> times;
};

TEST_F(schedules_test, a_handler_is_called_at_each_of_its_times) {
  every("10m");
  desk.passes(1h);
  ASSERT_GE(times.size(), 5U);
  EXPECT_LE(times.size(), 6U);
  for (const auto& each : times)
    EXPECT_LT(each.time_since_epoch() % 10min, 5s);
}

TEST_F(schedules_test, a_restart_changes_nothing) {
  every("10m");
  for (int i = 0; i < 12; ++i) {
    desk.passes(5min);
    desk.restarts_the_bot();
  }
  EXPECT_GE(times.size(), 5U);
  EXPECT_LE(times.size(), 6U);
}

TEST_F(schedules_test, a_handler_that_fails_is_called_at_the_next_time) {
  desk.bot().every("10m", [this](chat& chat) -> task<> {
    times.push_back(chat.bot().now());
    throw std::runtime_error{"a defect"};
    co_return;
  });
  desk.passes(65min);
  EXPECT_GE(times.size(), 18U) << "three attempts each";
}

TEST_F(schedules_test, what_is_wrong_is_said_at_the_start) {
  every("09:00 Europe/Lodnon");
  EXPECT_THAT(desk.bot().start().error().detail, HasSubstr("Europe/Lodnon"));
}

TEST_F(schedules_test, two_with_the_same_times_are_two) {
  every("10m");
  every("10m");
  desk.passes(11min);
  EXPECT_EQ(times.size() % 2, 0U);
  EXPECT_GE(times.size(), 2U);
}

} // namespace
