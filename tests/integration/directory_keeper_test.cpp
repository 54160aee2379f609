#include <tests/support/pod_fixture.hpp>
#include <tests/support/temporary_folder.hpp>

#include <actors/directory/directory_keeper.hpp>
#include <store/directory_file.hpp>

#include <tutti/bot.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

im_key key_with(std::int64_t user) {
  return {{}, im_form::inclusive, participant_set::of(std::vector{*user_id::make(user)})};
}

/// Lines of one component.
class kept_lines final : public log_sink {
public:
  void write(log_level, std::string_view, std::string_view event,
             std::span<const log_field>) noexcept override {
    auto guard = std::lock_guard{lock_};
    events_.emplace_back(event);
    changed_.notify_all();
  }
  bool keeps(log_level, std::string_view component) const noexcept override {
    return component == "directory";
  }
  void wait_for(const std::string& event) {
    auto guard = std::unique_lock{lock_};
    changed_.wait(
        guard, [&] { return std::find(events_.begin(), events_.end(), event) != events_.end(); });
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
};

class directory_keeper_test : public ::testing::Test {
public:
  std::unique_ptr<directory_keeper> keep(std::shared_ptr<directory> known) {
    directory_config settings;
    settings.path = path;
    return std::make_unique<directory_keeper>(std::move(known), settings, "pod bot",
                                              logger{lines, "directory"});
  }

  /// Those of 1 to `most` that the file knows, as many as there are without a hole.
  std::int64_t known_without_a_hole() {
    auto read = std::make_shared<directory>(directory_config{});
    lines = std::make_shared<kept_lines>();
    auto keeper = keep(read);
    lines->wait_for("directory_read");
    std::int64_t count = 0;
    while (read->find(key_with(count + 1), {}))
      ++count;
    EXPECT_EQ(read->size(), static_cast<std::size_t>(count));
    return count;
  }

  temporary_folder folder;
  std::string path = folder / "known.db";
  std::shared_ptr<kept_lines> lines = std::make_shared<kept_lines>();
};

TEST_F(directory_keeper_test, a_bot_that_starts_again_knows_its_ims_without_asking) {
  pod_fixture pod;
  auto settings = pod.bot_config();
  settings.im.directory.path = path;
  stream_id before;
  {
    bot first{settings};
    ASSERT_TRUE(first.start());
    auto opened = first.ask(create_im{.participants = {pod.id("ada")}}).get();
    ASSERT_TRUE(opened) << opened.error().detail;
    before = opened->stream;
  }
  bot second{settings, {}, lines};
  ASSERT_TRUE(second.start());
  lines->wait_for("directory_read");
  auto opened = second.ask(create_im{.participants = {pod.id("ada")}}).get();
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->stream, before);
  EXPECT_EQ(opened->origin, im_origin::directory);
  EXPECT_EQ(pod.serving.request_counts()["POST /pod/v1/im/create"], 1);
}

TEST_F(directory_keeper_test, a_bot_that_starts_while_the_pod_is_away_knows_its_ims_all_the_same) {
  auto pod = std::make_unique<pod_fixture>();
  auto ada = pod->id("ada");
  auto settings = pod->bot_config();
  settings.im.directory.path = path;
  {
    bot first{settings};
    ASSERT_TRUE(first.start());
    ASSERT_TRUE(first.ask(create_im{.participants = {ada}}).get());
  }
  pod.reset();
  bot second{settings, {}, lines};
  ASSERT_TRUE(second.start());
  lines->wait_for("directory_read");
  EXPECT_TRUE(second.find_im({ada}));
  auto opened = second.ask(create_im{.participants = {ada}}).get();
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->origin, im_origin::directory);
}

TEST_F(directory_keeper_test, another_account_does_not_take_them_for_its_own) {
  pod_fixture pod;
  auto settings = pod.bot_config();
  settings.im.directory.path = path;
  {
    bot first{settings};
    ASSERT_TRUE(first.start());
    ASSERT_TRUE(first.ask(create_im{.participants = {pod.id("ada")}}).get());
  }
  auto read = std::make_shared<directory>(directory_config{});
  auto keeper = keep(read);
  lines->wait_for("directory_read");
  EXPECT_EQ(read->size(), 0U);
}

TEST_F(directory_keeper_test, what_is_forgotten_stays_so) {
  auto known = std::make_shared<directory>(directory_config{});
  {
    auto keeper = keep(known);
    for (int i = 1; i <= 3; ++i)
      known->put(key_with(i), *stream_id::make("A"), std::chrono::steady_clock::now());
    known->forget(key_with(3));
  }
  EXPECT_EQ(known_without_a_hole(), 2);
}

TEST_F(directory_keeper_test, a_process_killed_at_any_moment_leaves_a_file_that_is_whole) {
  for (int round = 0; round < 8; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    auto child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) { // Learns until it is killed, and says how far it has come.
      auto known = std::make_shared<directory>(directory_config{});
      auto keeper = keep(known);
      for (std::int64_t i = 1;; ++i) {
        known->put(key_with(i), *stream_id::make("A"), std::chrono::steady_clock::now());
        if (write(ends[1], &i, sizeof i) != sizeof i)
          _exit(1);
      }
    }
    close(ends[1]);
    std::int64_t said = 0;
    auto enough = 20'000 * (round + 1) + 777;
    while (said < enough && read(ends[0], &said, sizeof said) == sizeof said) {
    }
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    close(ends[0]);
    EXPECT_TRUE(WIFSIGNALED(status));
    known_without_a_hole();
  }
}

TEST_F(directory_keeper_test, a_disk_that_is_full_costs_the_file_and_never_an_answer) {
  auto known = std::make_shared<directory>(directory_config{});
  auto ignored = signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  auto keeper = keep(known);
  lines->wait_for("directory_read");
  auto small = rlimit{200'000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  auto now = std::chrono::steady_clock::now();
  for (std::int64_t i = 1; i <= 50'000; ++i)
    known->put(key_with(i), *stream_id::make("A"), now);
  lines->wait_for("directory_not_kept");
  EXPECT_TRUE(known->find(key_with(50'000), now));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  keeper.reset(); // There is room again: the rest is written.
  signal(SIGXFSZ, ignored);
  EXPECT_EQ(known_without_a_hole(), 50'000);
}

TEST_F(directory_keeper_test, a_path_below_a_plain_file_costs_the_file_and_never_an_answer) {
  std::ofstream{path} << "plain";
  pod_fixture pod;
  auto settings = pod.bot_config();
  settings.im.directory.path = path + "/known.db";
  bot one{settings, {}, lines};
  ASSERT_TRUE(one.start());
  lines->wait_for("directory_not_kept");
  EXPECT_TRUE(one.ask(create_im{.participants = {pod.id("ada")}}).get());
}

} // namespace
