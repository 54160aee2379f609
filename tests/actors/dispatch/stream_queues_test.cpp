#include <actors/dispatch/stream_queues.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

const std::chrono::system_clock::time_point noon{std::chrono::seconds{1'800'000'000}};

class stream_queues_test : public ::testing::Test {
public:
  void add(std::uint64_t number, const std::string& stream, std::chrono::milliseconds at = 0ms,
           bool repeated = false) {
    stored_event made;
    made.number = number;
    made.what.stream = stream;
    made.what.at = noon + at;
    queues.add(std::move(made), repeated);
  }

  /// Those whose turn it is.
  std::vector<std::uint64_t> out() {
    std::vector<std::uint64_t> numbers;
    while (const auto* each = queues.next())
      numbers.push_back(each->what.number);
    return numbers;
  }
  using numbers = std::vector<std::uint64_t>;

  stream_queues queues;
};

TEST_F(stream_queues_test, one_of_each_stream_is_out_at_a_time) {
  add(1, "a");
  add(2, "a");
  add(3, "b");
  EXPECT_EQ(out(), (numbers{1, 3}));
  EXPECT_EQ(out(), numbers{});
  queues.ended(1);
  EXPECT_EQ(out(), numbers{2});
  queues.ended(2);
  queues.ended(3);
  EXPECT_EQ(queues.size(), 0U);
}

TEST_F(stream_queues_test, an_event_that_comes_while_its_stream_is_busy_waits) {
  add(1, "a");
  out();
  add(2, "a");
  EXPECT_EQ(out(), numbers{});
  EXPECT_EQ(queues.size(), 2U);
  EXPECT_EQ(queues.out(), 1U);
}

TEST_F(stream_queues_test, older_than_one_that_was_out_is_late) {
  add(1, "a", 5ms);
  add(2, "a", 4ms);
  add(3, "b", 1ms);
  EXPECT_FALSE(queues.next()->late);
  EXPECT_FALSE(queues.next()->late) << "another stream";
  queues.ended(1);
  EXPECT_TRUE(queues.next()->late);
}

TEST_F(stream_queues_test, an_idle_stream_is_remembered_for_what_is_late) {
  add(1, "a", 5ms);
  out();
  queues.ended(1);
  add(2, "a", 4ms);
  EXPECT_TRUE(queues.next()->late);
}

TEST_F(stream_queues_test, what_an_earlier_process_has_handed_out_counts_for_what_is_late) {
  queues.remember("a", noon + 5ms);
  add(1, "a", 4ms);
  EXPECT_TRUE(queues.next()->late);
}

TEST_F(stream_queues_test, one_that_is_out_is_found_until_it_ends) {
  add(7, "a", 0ms, true);
  EXPECT_EQ(queues.find(7), nullptr);
  out();
  EXPECT_TRUE(queues.find(7)->repeated);
  queues.ended(7);
  EXPECT_EQ(queues.find(7), nullptr);
  queues.ended(7);
  EXPECT_EQ(queues.size(), 0U);
}

TEST_F(stream_queues_test, a_stream_that_is_often_idle_is_not_forgotten) {
  for (std::uint64_t i = 1; i <= 100'010; ++i) {
    add(i, "a", std::chrono::milliseconds{static_cast<int>(i)});
    out();
    queues.ended(i);
  }
  add(200'000, "a", 0ms);
  EXPECT_TRUE(queues.next()->late);
}

TEST_F(stream_queues_test, very_many_idle_streams_are_forgotten) {
  for (std::uint64_t i = 1; i <= 100'010; ++i) {
    add(i, std::to_string(i));
    out();
    queues.ended(i);
  }
  EXPECT_LE(queues.streams(), 100'001U);
}

} // namespace
