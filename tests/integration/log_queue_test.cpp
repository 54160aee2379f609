#include <bot/log_queue.hpp>

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace {

using namespace tutti;
using namespace std::chrono_literals;

TEST(log_queue, writes_in_order) {
  std::vector<int> written;
  {
    log_queue queue{100, [](std::uint64_t) {}};
    for (int i = 0; i < 100; ++i)
      queue.push([&, i] { written.push_back(i); });
  } // Its end waits for what is left.
  ASSERT_EQ(written.size(), 100U);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(written[static_cast<std::size_t>(i)], i);
}

TEST(log_queue, a_sink_that_stands_still_costs_lines_and_nobody_waits) {
  std::promise<void> stuck;
  auto release = std::make_shared<std::promise<void>>();
  auto released = release->get_future().share();
  std::promise<std::uint64_t> reported;
  log_queue queue{10, [&](std::uint64_t count) { reported.set_value(count); }};
  queue.push([&stuck, released] {
    stuck.set_value();
    released.get();
  });
  stuck.get_future().get();
  std::atomic<int> written{0};
  for (int i = 0; i < 15; ++i)
    queue.push([&] { ++written; });
  auto lost = queue.losses();
  EXPECT_EQ(lost.lines, 5U);
  EXPECT_TRUE(lost.now);
  release->set_value();
  EXPECT_EQ(reported.get_future().get(), 5U);
  queue.flush(10s);
  EXPECT_EQ(written, 10);
  EXPECT_FALSE(queue.losses().now);
  EXPECT_EQ(queue.losses().lines, 5U) << "the sum stays";
}

TEST(log_queue, its_end_leaves_a_sink_behind_that_never_returns) {
  auto release = std::make_shared<std::promise<void>>();
  auto released = release->get_future().share();
  std::promise<void> stuck;
  {
    log_queue queue{10, [](std::uint64_t) {}};
    queue.push([&stuck, released] {
      stuck.set_value();
      released.get();
    });
    stuck.get_future().get();
  }
  release->set_value();
}

/// Blocks with its first line.
class slow_sink final : public log_sink {
public:
  void write(log_level, std::string_view component, std::string_view event,
             std::span<const log_field> fields) noexcept override {
    if (lines.empty()) {
      stuck.set_value();
      released.get();
    }
    std::string text = std::string{component} + " " + std::string{event};
    for (const auto& each : fields)
      text += " " + std::string{each.key} + "=" + each.value;
    lines.push_back(text);
  }
  bool keeps(log_level, std::string_view) const noexcept override { return true; }

  std::promise<void> stuck;
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::vector<std::string> lines;
};

TEST(log_queue, a_host_s_own_sink_can_be_put_behind_one) {
  auto slow = std::make_shared<slow_sink>();
  auto sink = queued(slow, 2);
  const logger log{sink, "im"};
  log.info("first");
  slow->stuck.get_future().get();
  for (int i = 0; i < 5; ++i) {
    auto key = std::string{"n"}; // Gone when the line is written.
    log.info("line", {{key, std::to_string(i)}});
  }
  EXPECT_TRUE(sink->losses().now);
  slow->release.set_value();
  sink->flush(10s);
  EXPECT_EQ(slow->lines, (std::vector<std::string>{"im first", "im line n=0",
                                                   "log lines_dropped count=3", "im line n=1"}));
}

} // namespace
