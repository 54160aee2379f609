#include <bot/hearing/dialogues/dialogue_record.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(dialogue_record_test, what_is_written_is_read) {
  dialogue_record one;
  one.id = "m1 7";
  one.command = "/order new";
  one.arguments = written(std::vector<argument_value>{std::int64_t{3}});
  one.person = 7;
  one.person_name = "Ada \"A\" Lovelace";
  one.stream = "s1";
  one.stream_type = 2;
  one.event = 99;
  kept_step asked{"ask", "1"};
  asked.attempts = 2;
  one.steps = {{"say", "", step_state::done, json_value{"m2"}}, asked};
  const auto two = read_record(written(one));
  ASSERT_TRUE(two) << to_string(two.error());
  EXPECT_EQ(written(*two), written(one));
  EXPECT_EQ(two->command, "/order new");
  EXPECT_EQ(two->event, 99);
  EXPECT_EQ(two->steps[0].result, json_value{"m2"});
  EXPECT_EQ(two->steps[1].state, step_state::begun);
  EXPECT_EQ(two->steps[1].attempts, 2);
}

TEST(dialogue_record_test, arguments_keep_their_types) {
  user_info who;
  who.id = *user_id::make(7);
  who.display_name = "Ada";
  const std::chrono::year_month_day day{std::chrono::year{2026}, std::chrono::month{2},
                                        std::chrono::day{28}};
  const std::vector<argument_value> all{
      std::monostate{}, std::string{"a"}, std::int64_t{-3}, 1.5, true, day, 90'000ms, who};
  EXPECT_EQ(read_arguments(*read_json(to_json(written(all)))), all);
}

TEST(dialogue_record_test, what_is_none_is_refused_with_its_place) {
  EXPECT_THAT(read_record(R"({"steps":[{"state":"lost"}]})").error().detail, HasSubstr("state"));
  EXPECT_FALSE(read_record("x"));
}

} // namespace
