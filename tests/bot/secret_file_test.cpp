#include <tutti/secret_file.hpp>

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace tutti;

class secret_file : public ::testing::Test {
public:
  secret_file() {
    std::string wanted = std::filesystem::temp_directory_path() / "tutti-XXXXXX";
    folder = ::mkdtemp(wanted.data());
  }
  ~secret_file() override { std::filesystem::remove_all(folder); }
  secret_file(const secret_file&) = delete;
  secret_file& operator=(const secret_file&) = delete;

  std::string file(const std::string& text) const {
    auto path = folder / "secret";
    std::ofstream{path, std::ios::binary} << text;
    return path;
  }

  std::filesystem::path folder;
};

TEST_F(secret_file, is_read_whole_whatever_its_size) {
  for (std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 300'000U}) {
    std::string text(size, 'x');
    EXPECT_EQ(read_secret(file(text), 1 << 20), text) << size;
    EXPECT_EQ(read_secret(file(text), 65'536), text.substr(0, 65'536)) << size;
  }
}

TEST_F(secret_file, that_is_not_there_says_so_by_errno) {
  EXPECT_FALSE(read_secret(folder / "none"));
  EXPECT_EQ(errno, ENOENT);
}

TEST_F(secret_file, text_comes_without_a_mark_before_it_or_white_space_behind) {
  for (const auto* text : {"a secret", "a secret\n", "a secret \t\r\n\n",
                           "\xEF\xBB\xBF"
                           "a secret\r\n"})
    EXPECT_EQ(read_secret_text(file(text)).value(), "a secret") << text;
}

TEST_F(secret_file, without_a_text_names_the_file_and_the_reason) {
  auto reason = [](const std::string& path) { return read_secret_text(path).error().detail; };
  EXPECT_EQ(reason(folder / "none"),
            (folder / "none").string() + " cannot be read (No such file or directory)");
  const auto empty = file(" \n");
  EXPECT_EQ(reason(empty), empty + " is empty");
}

TEST_F(secret_file, that_may_not_be_read_is_told_with_its_owner_and_the_way_out) {
  const auto path = file("x");
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  const auto why = why_unreadable(path, EACCES);
  EXPECT_NE(why.find(path + " belongs to "), std::string::npos) << why;
  EXPECT_NE(why.find("(mode 0600)"), std::string::npos) << why;
  EXPECT_NE(why.find("this process runs as "), std::string::npos) << why;
  EXPECT_NE(why.find("chmod u+r " + path), std::string::npos) << why; // It is our own.
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(path.c_str(), 1, 1), 0);
    EXPECT_NE(why_unreadable(path, EACCES).find("LoadCredential=NAME:FILE"), std::string::npos);
  }
  // What cannot even be looked at: the first folder that can.
  EXPECT_NE(why_unreadable(folder / "a" / "b", EACCES).find(folder.string() + " belongs to "),
            std::string::npos);
  EXPECT_NE(why_unreadable("none", ENOENT).find("looked for as /"), std::string::npos);
  EXPECT_EQ(why_unreadable("/none", ENOENT), "No such file or directory");
}

TEST_F(secret_file, others_may_read_is_told_of_plain_files_only) {
  const auto path = file("x");
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(readable_by_others(path), "");
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(readable_by_others(path), path +
                                          " may be read by others than its owner (mode 0644); "
                                          "run: chmod 600 " +
                                          path);
  EXPECT_EQ(readable_by_others(folder), "");
  EXPECT_EQ(readable_by_others(folder / "none"), "");
}

} // namespace
