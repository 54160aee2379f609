#include <tests/support/temporary_folder.hpp>
#include <tests/support/users.hpp>

#include <store/directory_file.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;
using store::directory_file;
using store::im_row;

const std::chrono::system_clock::time_point today{std::chrono::hours{24 * 365 * 56}};

im_row row(std::int64_t other, const std::string& stream, identity as = {},
           im_form form = im_form::inclusive, std::chrono::hours lasts = 24h) {
  return {as, form, users({other}), *stream_id::make(stream), today + lasts};
}

class im_file_test : public ::testing::Test {
public:
  directory_file open(const std::string& owner = "pod bot") {
    auto opened = directory_file::open(path, owner);
    if (!opened)
      throw std::runtime_error{opened.error().detail};
    return std::move(*opened);
  }

  static std::vector<im_row> all_of(directory_file& file, std::size_t most = 1'000,
                                    std::chrono::system_clock::time_point now = today) {
    std::vector<im_row> rows;
    EXPECT_TRUE(file.load(most, now, [&](im_row&& each) { rows.push_back(std::move(each)); }));
    return rows;
  }

  temporary_folder folder;
  std::string path = folder / "known.db";
};

TEST_F(im_file_test, what_is_written_is_there_when_it_is_opened_again) {
  auto obo = identity::on_behalf_of(user(42));
  {
    auto file = open();
    EXPECT_TRUE(
        file.write(std::vector{row(1, "A"), row(1, "B", obo), row(1, "C", {}, im_form::admin)}));
  }
  auto file = open();
  auto rows = all_of(file);
  ASSERT_EQ(rows.size(), 3U);
  std::map<std::string, im_row> by_stream;
  for (auto& each : rows)
    by_stream.emplace(each.stream->text(), each);
  EXPECT_TRUE(by_stream.at("A").as.is_bot());
  EXPECT_EQ(by_stream.at("A").users, users({1}));
  EXPECT_EQ(by_stream.at("A").expires, today + 24h);
  EXPECT_EQ(by_stream.at("B").as, obo);
  EXPECT_EQ(by_stream.at("C").form, im_form::admin);
}

TEST_F(im_file_test, the_newest_stream_counts_and_what_is_forgotten_is_gone) {
  auto file = open();
  EXPECT_TRUE(file.write(std::vector{row(1, "A"), row(2, "B"), row(1, "C")}));
  auto gone = row(2, "B");
  gone.stream.reset();
  EXPECT_TRUE(file.write(std::vector{gone}));
  auto rows = all_of(file);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].stream->text(), "C");
}

TEST_F(im_file_test, the_owner_s_own_id_is_kept) {
  {
    auto file = open();
    EXPECT_FALSE(file.owner_id());
    ASSERT_TRUE(file.owner_is(*user_id::make(7)));
  }
  EXPECT_EQ(open().owner_id(), user_id::make(7).value());
  EXPECT_FALSE(open("another bot").owner_id());
}

TEST_F(im_file_test, owners_share_a_file_and_nothing_else) {
  auto one = open("pod one");
  auto other = open("pod other");
  EXPECT_TRUE(one.write(std::vector{row(1, "A")}));
  EXPECT_TRUE(other.write(std::vector{row(1, "B")}));
  EXPECT_EQ(all_of(one).at(0).stream->text(), "A");
  EXPECT_EQ(all_of(other).at(0).stream->text(), "B");
}

TEST_F(im_file_test, expired_rows_are_not_read_and_are_pruned) {
  auto file = open();
  EXPECT_TRUE(file.write(std::vector{row(1, "A", {}, im_form::inclusive, 1h), row(2, "B")}));
  EXPECT_EQ(all_of(file, 1'000, today + 2h).size(), 1U);
  EXPECT_TRUE(file.prune(1'000, today + 2h));
  EXPECT_EQ(all_of(file).size(), 1U);
}

TEST_F(im_file_test, past_the_bound_those_stay_that_last_longest) {
  auto file = open();
  std::vector<im_row> rows;
  for (int i = 1; i <= 20; ++i)
    rows.push_back(row(i, "s" + std::to_string(i), {}, im_form::inclusive, std::chrono::hours{i}));
  EXPECT_TRUE(file.write(rows));
  EXPECT_EQ(all_of(file, 3).at(0).users, users({20}));
  EXPECT_TRUE(file.prune(5, today));
  auto left = all_of(file);
  ASSERT_EQ(left.size(), 5U);
  EXPECT_EQ(left.back().users, users({16}));
}

TEST_F(im_file_test, a_file_that_is_none_and_a_path_below_a_plain_file_are_told) {
  std::ofstream{path} << "somebody's notes, and rather many of them, so that it looks like a file";
  auto notes = directory_file::open(path, "pod bot");
  ASSERT_FALSE(notes);
  EXPECT_EQ(notes.error().error, errc::misconfigured);
  EXPECT_NE(notes.error().detail.find(path), std::string::npos);
  EXPECT_NE(notes.error().detail.find("im.directory.path"), std::string::npos);
  EXPECT_FALSE(directory_file::open(path + "/below/known.db", "pod bot"));
}

TEST_F(im_file_test, a_file_of_a_newer_version_is_left_alone) {
  ASSERT_EQ(std::system(("sqlite3 '" + path +
                         "' 'PRAGMA user_version = 99' 2>/dev/null || python3 "
                         "-c \"import sqlite3; sqlite3.connect('" +
                         path + "').execute('PRAGMA user_version = 99')\"")
                            .c_str()),
            0);
  auto opened = directory_file::open(path, "pod bot");
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("newer version"), std::string::npos);
}

} // namespace
