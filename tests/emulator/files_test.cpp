#include <emulator/files.hpp>
#include <tests/support/temporary_folder.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace {

namespace fs = std::filesystem;
using namespace tutti::emulator;
using tutti::testing::temporary_folder;

// Several pods share a folder of keys; one of them read a certificate that another was writing.
TEST(files_test, nobody_reads_a_file_that_is_written_in_half) {
  temporary_folder folder;
  const auto path = folder / "certificate.pem";
  const std::string whole(20'000, 'x');
  write_secret(path, whole);
  std::atomic<bool> ended = false;
  std::thread writer{[&] {
    for (int i = 0; i < 300; ++i)
      write_secret(path, whole);
    ended = true;
  }};
  std::size_t shortest = whole.size();
  while (!ended)
    shortest = std::min(shortest, fs::file_size(path));
  writer.join();
  EXPECT_EQ(shortest, whole.size());
}

TEST(files_test, a_secret_is_for_its_owner_even_where_others_could_read_what_was_there) {
  temporary_folder folder;
  const auto path = folder / "key.pem";
  write_text(path, "old");
  ASSERT_NE(fs::status(path).permissions() & fs::perms::others_read, fs::perms::none);
  write_secret(path, "new");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(read_file(path), "new");
}

TEST(files_test, a_text_keeps_the_permissions_and_the_link_of_its_file) {
  temporary_folder folder;
  const auto path = folder / "pod.yaml";
  const auto link = folder / "link.yaml";
  write_secret(path, "old");
  fs::create_symlink(path, link);
  write_text(link, "new");
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(read_file(path), "new");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(files_test, a_file_that_cannot_be_written_is_named) {
  temporary_folder folder;
  const auto path = folder / "none/pod.yaml";
  try {
    write_text(path, "text");
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), path + ": cannot be written");
  }
}

} // namespace
