#include <actors/datafeed/catch_up.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr std::chrono::system_clock::time_point lost_at{1'000ms};

wire::raw_event said(const std::string& id, std::int64_t at) {
  wire::raw_event made;
  made.key = id;
  made.at = at;
  return made;
}

std::vector<std::string> keys_of(const std::vector<wire::raw_event>& all) {
  std::vector<std::string> keys;
  for (const auto& each : all)
    keys.push_back(each.key);
  return keys;
}

TEST(catch_up_test, each_stream_is_read_once_from_the_loss_on) {
  catch_up course{lost_at, 10};
  course.add("s1");
  course.add("s2");
  course.add("s1");
  auto first = course.next();
  auto second = course.next();
  EXPECT_FALSE(course.next());
  EXPECT_EQ(first->stream, "s1");
  EXPECT_EQ(first->since, 1'000);
  EXPECT_EQ(second->stream, "s2");
  course.came(second->which, {said("b", 2'000)});
  course.came(first->which, {said("a", 3'000)});
  EXPECT_FALSE(course.done()) << "two messages have not been taken";
  EXPECT_THAT(keys_of(course.take()), ElementsAre("b", "a"));
  EXPECT_TRUE(course.done());
}

TEST(catch_up_test, a_full_page_has_another_after_it) {
  catch_up course{lost_at, 10};
  course.add("s1");
  auto page = course.next();
  std::vector<wire::raw_event> full;
  for (std::size_t i = 0; i < page->limit; ++i)
    full.push_back(said("m", 2'000));
  course.came(page->which, std::move(full));
  auto next = course.next();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->since, 2'000);
  EXPECT_EQ(next->skip, page->limit);
  course.came(next->which, {});
  EXPECT_FALSE(course.next());
}

TEST(catch_up_test, a_stream_that_was_not_answered_is_asked_for_again) {
  catch_up course{lost_at, 10};
  course.add("s1");
  auto page = course.next();
  course.failed(page->which, false);
  EXPECT_FALSE(course.done());
  EXPECT_EQ(course.next()->stream, "s1");
}

TEST(catch_up_test, streams_that_cannot_be_read_or_are_too_many_are_counted) {
  catch_up course{lost_at, 1};
  course.add("s1");
  course.add("s2");
  EXPECT_EQ(course.left_out(), 1U);
  for (int i = 0; i < catch_up::most_refusals; ++i)
    course.failed(course.next()->which, true);
  EXPECT_EQ(course.left_out(), 2U);
  EXPECT_TRUE(course.done());
}

TEST(catch_up_test, nothing_more_is_asked_for_while_much_is_held) {
  catch_up course{lost_at, 100};
  for (int i = 0; i < 20; ++i)
    course.add("s" + std::to_string(i));
  std::size_t held = 0;
  while (auto page = course.next()) {
    std::vector<wire::raw_event> some;
    for (std::size_t i = 1; i < page->limit; ++i)
      some.push_back(said("m", 2'000));
    held += some.size();
    course.came(page->which, std::move(some));
  }
  EXPECT_LT(held, 2'500U);
  while (!course.take().empty()) {
  }
  EXPECT_TRUE(course.next());
}

} // namespace
