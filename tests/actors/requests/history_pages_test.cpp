#include <actors/requests/history_pages.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

const std::chrono::system_clock::time_point noon{std::chrono::seconds{1'800'000'000}};

message at(std::chrono::milliseconds after) {
  message::fields made;
  made.at = noon + after;
  return message{made};
}

TEST(history_pages_test, the_next_page_skips_what_was_seen_of_its_first_millisecond) {
  history_pages pages{noon, 10'000};
  EXPECT_EQ(pages.size(), 500U);
  EXPECT_EQ(pages.skip(), 0U);
  std::vector<message> page(498, at(1ms));
  page.push_back(at(2ms));
  page.push_back(at(2ms));
  pages.came(page);
  EXPECT_EQ(pages.since(), 1'800'000'000'002);
  EXPECT_EQ(pages.skip(), 2U);
  pages.came(std::vector<message>(500, at(2ms)));
  EXPECT_EQ(pages.since(), 1'800'000'000'002);
  EXPECT_EQ(pages.skip(), 502U);
}

TEST(history_pages_test, a_page_that_is_not_full_is_the_last) {
  history_pages pages{noon, 10'000};
  pages.came({at(1ms)});
  EXPECT_EQ(pages.size(), 0U);
}

TEST(history_pages_test, no_more_are_asked_for_than_are_wanted) {
  history_pages pages{noon, 600};
  pages.came(std::vector<message>(500, at(1ms)));
  EXPECT_EQ(pages.size(), 100U);
  pages.came(std::vector<message>(100, at(2ms)));
  EXPECT_EQ(pages.size(), 0U);
}

} // namespace
