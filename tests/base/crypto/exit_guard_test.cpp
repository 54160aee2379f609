#include <base/crypto/exit_guard.hpp>

#include <gtest/gtest.h>

#include <openssl/rand.h>

#include <atomic>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <future>
#include <pthread.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using tutti::crypto::exit_guard;

/// How a child ends that does that, and whether its thread had its say before.
template <class Act>
std::pair<int, bool> child(Act act) {
  int ends[2];
  if (::pipe(ends) != 0)
    return {-1, false};
  const auto id = ::fork();
  if (id == 0) {
    ::close(ends[0]);
    act(ends[1]);
    std::exit(0);
  }
  ::close(ends[1]);
  char mark = 0;
  const auto said = ::read(ends[0], &mark, 1) == 1;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(id, &status, 0);
  return {status, said};
}

TEST(exit_guard, a_process_that_ends_waits_for_who_holds_it) {
  auto [status, said] = child([](int pipe) {
    std::promise<void> holds;
    std::thread{[&holds, pipe] {
      const exit_guard here;
      holds.set_value();
      std::this_thread::sleep_for(100ms); // Longer than an exit takes.
      static_cast<void>(::write(pipe, "x", 1) == 1);
    }}.detach();
    holds.get_future().wait();
  });
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(said);
}

/// How many objects of its own this thread keeps for its end, by pthread_setspecific.
int objects_kept() {
  void* const only_a_mark = reinterpret_cast<void*>(-1);
  int kept = 0;
  for (pthread_key_t key = 0; key < PTHREAD_KEYS_MAX; ++key)
    if (auto* value = ::pthread_getspecific(key); value && value != only_a_mark)
      ++kept;
  return kept;
}

// A thread's end frees what OpenSSL keeps for it; beside `exit()` that is a crash.
TEST(exit_guard, who_has_given_it_back_keeps_nothing_of_openssl) {
  std::thread{[] {
    const auto before = objects_kept();
    {
      const exit_guard here;
      unsigned char some[8];
      ASSERT_EQ(RAND_priv_bytes(some, sizeof some), 1);
      ASSERT_GT(objects_kept(), before);
    }
    EXPECT_EQ(objects_kept(), before);
  }}.join();
}

TEST(exit_guard, who_holds_it_for_ever_does_not_keep_the_process) {
  auto [status, said] = child([](int) {
    std::promise<void> holds;
    std::thread{[&holds] {
      const exit_guard here;
      holds.set_value();
      std::this_thread::sleep_for(1h);
    }}.detach();
    holds.get_future().wait();
  });
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(said);
}

} // namespace
