#include <tests/support/temporary_folder.hpp>

#include <tutti/outgoing_message.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace {

using namespace tutti;
using ::testing::HasSubstr;

class attachment_test : public ::testing::Test {
public:
  std::string file(const std::string& content) const {
    auto path = folder / "rates.csv";
    std::ofstream{path} << content;
    return path;
  }

  tutti::testing::temporary_folder folder;
};

TEST_F(attachment_test, a_file_is_read_part_by_part) {
  auto opened = attachment::file(file("0123456789")).open().value();
  EXPECT_EQ(opened->size(), 10U);
  EXPECT_EQ(opened->read(0, 4).value(), "0123");
  EXPECT_EQ(opened->read(4, 100).value(), "456789");
  EXPECT_EQ(read_all(*opened).value(), "0123456789");
}

TEST_F(attachment_test, a_file_that_becomes_shorter_is_a_failure_that_says_so) {
  auto path = file("0123456789");
  auto opened = attachment::file(path).open().value();
  std::filesystem::resize_file(path, 5);
  EXPECT_THAT(opened->read(4, 6).error().detail, HasSubstr("it was changed while it was sent"));
}

TEST_F(attachment_test, a_file_that_is_replaced_is_not_sent_in_a_mixture) {
  auto path = file("0123456789");
  auto opened = attachment::file(path).open().value();
  auto other = folder / "other.csv";
  std::ofstream{other} << "abcdefghij";
  std::filesystem::last_write_time(other, std::filesystem::last_write_time(path) +
                                              std::chrono::seconds{1});
  std::filesystem::rename(other, path);
  EXPECT_THAT(opened->read(4, 6).error().detail, HasSubstr("changed while it was sent"));
}

TEST_F(attachment_test, what_has_no_size_is_refused) {
  EXPECT_THAT(attachment::file("/proc/self/status").open().error().detail,
              HasSubstr("size is not known"));
  EXPECT_THAT(attachment::file(folder / ".").open().error().detail, HasSubstr("cannot be read"));
}

TEST_F(attachment_test, a_file_that_is_not_there_is_named) {
  EXPECT_THAT(attachment::file(folder / "none.csv").open().error().detail,
              HasSubstr("none.csv cannot be read"));
}

TEST_F(attachment_test, what_the_agent_would_refuse_is_refused_before_it_is_read) {
  auto path = folder / "large.zip";
  std::ofstream{path}.close();
  std::filesystem::resize_file(path, (std::uintmax_t{30} << 20) + 1); // A hole.
  EXPECT_THAT(attachment::file(path).open().error().detail,
              HasSubstr("large.zip has 31457281 bytes; a message carries files of 30 MB at most"));
}

TEST_F(attachment_test, a_function_gives_the_bytes) {
  const std::string all = "0123456789";
  auto opened = attachment::source("made.txt", all.size(), [&](auto offset, auto count) {
                  return result<std::string>{all.substr(offset, std::min<std::size_t>(count, 3))};
                }).open();
  EXPECT_EQ(read_all(**opened).value(), all);
}

TEST_F(attachment_test, a_function_that_gives_nothing_too_much_or_throws_fails_the_message) {
  auto failed = [](std::function<result<std::string>(std::uint64_t, std::size_t)> reads) {
    auto opened = attachment::source("made.txt", 4, std::move(reads)).open().value();
    return read_all(*opened).error().detail;
  };
  EXPECT_THAT(failed([](auto, auto) -> result<std::string> { throw 5; }),
              HasSubstr("no exception"));
  EXPECT_THAT(failed([](auto, auto) { return std::string{}; }), HasSubstr("gave 0 bytes"));
  EXPECT_THAT(failed([](auto, auto) { return std::string(5, 'x'); }), HasSubstr("gave 5 bytes"));
  EXPECT_THAT(
      failed([](auto, auto) -> result<std::string> { throw std::runtime_error{"no disk"}; }),
      HasSubstr("made.txt cannot be read: no disk"));
}

} // namespace
