#include <bot/hearing/running_handlers.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;

std::shared_ptr<const event> event_of(std::uint64_t number, const std::string& stream) {
  auto made = std::make_shared<event>();
  made->number = number;
  made->stream.id = stream_id::make(stream).value();
  return made;
}

class running_handlers_test : public ::testing::Test {
public:
  running_handlers::report count(int& into) {
    return [&into](const handling&) { ++into; };
  }

  running_handlers all;
  int one = 0;
  int other = 0;
};

TEST_F(running_handlers_test, a_handler_begins_at_once_and_reports_at_its_end) {
  EXPECT_TRUE(all.begin(event_of(1, "abc"), count(one)));
  auto ended = all.end(1);
  ended.done({});
  EXPECT_EQ(one, 1);
  EXPECT_FALSE(ended.next);
  EXPECT_TRUE(all.empty());
}

TEST_F(running_handlers_test, one_that_is_handed_out_again_goes_on_and_reports_to_the_new_core) {
  all.begin(event_of(1, "abc"), count(one));
  EXPECT_FALSE(all.begin(event_of(1, "abc"), count(other)));
  all.end(1).done({});
  EXPECT_EQ(one, 0);
  EXPECT_EQ(other, 1);
}

TEST_F(running_handlers_test, another_of_its_stream_waits_for_its_end) {
  all.begin(event_of(2, "abc"), count(one));
  EXPECT_FALSE(all.begin(event_of(1, "abc"), count(other)));
  EXPECT_TRUE(all.begin(event_of(3, "xyz"), count(other)));
  auto ended = all.end(2);
  ASSERT_TRUE(ended.next);
  EXPECT_EQ(ended.next->number, 1U);
  EXPECT_FALSE(all.end(1).next);
}

TEST_F(running_handlers_test, the_end_of_one_that_was_forgotten_is_no_matter) {
  all.begin(event_of(1, "abc"), count(one));
  all.clear();
  EXPECT_FALSE(all.end(1).done);
}

} // namespace
