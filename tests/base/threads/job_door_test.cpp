#include <base/threads/job_door.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

namespace {

using tutti::job_door;

TEST(job_door, hands_jobs_over_until_it_is_closed) {
  int posted = 0;
  job_door door{[&](const job_door::job&) { ++posted; }};
  door.post([] {});
  EXPECT_EQ(posted, 1);
  door.close();
  door.post([] {});
  EXPECT_EQ(posted, 1);
}

TEST(job_door, what_waits_when_it_is_closed_is_not_run) {
  std::vector<job_door::job> waiting;
  int run = 0;
  job_door door{[&](job_door::job job) { waiting.push_back(std::move(job)); }};
  door.post([&] { ++run; });
  door.post([&] { ++run; });
  waiting.front()();
  door.close();
  waiting.back()();
  EXPECT_EQ(run, 1);
}

TEST(job_door, closing_waits_for_a_job_that_is_being_handed_over) {
  std::latch under_way{1};
  std::latch closing{1};
  std::atomic<bool> loop_lives{true};
  bool posted_to_a_living_loop = false;
  job_door door{[&](const job_door::job&) {
    under_way.count_down();
    closing.wait(); // The server's end has begun.
    for (int i = 0; i < 1000; ++i)
      std::this_thread::yield();
    posted_to_a_living_loop = loop_lives;
  }};
  std::thread answers{[&] { door.post([] {}); }};
  under_way.wait();
  closing.count_down();
  door.close();
  loop_lives = false; // As the server's destructor goes on.
  answers.join();
  EXPECT_TRUE(posted_to_a_living_loop);
}

} // namespace
