#include <emulator/files.hpp>
#include <emulator/new_bot.hpp>
#include <emulator/seed.hpp>
#include <tests/support/temporary_folder.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti::emulator;
using tutti::testing::temporary_folder;

class new_bot_test : public ::testing::Test {
public:
  /// The users of that seed with a bot `b` more.
  std::vector<std::string> with_a_bot(const std::string& seed) {
    auto path = folder / "pod.yaml";
    write_text(path, seed);
    add_bot({.name = "b", .seed = path, .folder = folder / "keys"});
    std::vector<std::string> names;
    for (const auto& each : load_seed(path).users)
      names.push_back(each.username);
    return names;
  }

  using names = std::vector<std::string>;
  temporary_folder folder;
};

// Ids count by place: who is in front of others moves theirs.
TEST_F(new_bot_test, a_bot_goes_behind_the_users_there_are) {
  EXPECT_EQ(
      with_a_bot("pods:\n  - { id: 1 }\nusers:\n  - { pod: 1, username: ada }\n"
                 "  # Away on Fridays.\n  - { pod: 1, username: ben,\n      active: true }\n"),
      (names{"ada", "ben", "b"}));
}

TEST_F(new_bot_test, what_follows_the_list_stays_behind_it) {
  EXPECT_EQ(with_a_bot("users:\n- { pod: 1, username: ada }\n\n# Where they are.\npods:\n"
                       "- { id: 1 }"),
            (names{"ada", "b"}));
}

TEST_F(new_bot_test, a_seed_without_users_gets_the_list) {
  EXPECT_EQ(with_a_bot("pods:\n  - { id: 1 }\n"), (names{"b"}));
}

TEST_F(new_bot_test, a_list_that_no_line_can_be_added_to_is_told_and_left_alone) {
  EXPECT_THROW(with_a_bot("pods: [{ id: 1 }]\nusers: [{ pod: 1, username: ada }]\n"),
               std::runtime_error);
  EXPECT_EQ(load_seed(folder / "pod.yaml").users.size(), 1U);
}

} // namespace
