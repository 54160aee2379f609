#include <tutti/participants.hpp>

#include <tests/support/users.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using tutti::testing::user;

const user_id caller = user(7);

TEST(participants, order_repetition_and_the_callers_own_id_do_not_matter) {
  const std::vector<user_id> spellings[] = {
      {user(1)}, {user(1), user(1)}, {caller, user(1)}, {user(1), caller, user(1)}};
  for (const auto& asked : spellings) {
    auto set = participant_set::make(im_form::inclusive, asked, caller);
    ASSERT_TRUE(set);
    EXPECT_EQ(*set, participant_set::of(std::vector{user(1)}));
  }
}

TEST(participants, nobody_but_the_caller_is_refused) {
  const std::vector<user_id> none, only_caller{caller};
  for (const auto& asked : {none, only_caller}) {
    auto set = participant_set::make(im_form::inclusive, asked, caller);
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().error, errc::invalid_participants);
  }
}

TEST(participants, several_others_are_refused_with_the_room_as_the_way_out) {
  const std::vector<user_id> asked{user(1), user(2)};
  auto set = participant_set::make(im_form::inclusive, asked, caller);
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().error, errc::multi_party_unsupported);
  EXPECT_NE(set.error().detail.find("room"), std::string::npos);
}

TEST(participants, several_others_pass_when_allowed) {
  const std::vector<user_id> asked{user(2), user(1)};
  auto set = participant_set::make(im_form::inclusive, asked, caller, multi_party::allow);
  ASSERT_TRUE(set);
  EXPECT_EQ(to_string(*set), "1, 2");
}

TEST(participants, the_admin_form_keeps_the_caller_and_means_exactly_two) {
  const std::vector<user_id> two{user(1), caller}, one{user(1), user(1)},
      three{user(1), user(2), user(3)};
  auto set = participant_set::make(im_form::admin, two, caller);
  ASSERT_TRUE(set);
  EXPECT_EQ(to_string(*set), "1, 7");
  EXPECT_EQ(participant_set::make(im_form::admin, one, caller).error().error,
            errc::invalid_participants);
  EXPECT_EQ(participant_set::make(im_form::admin, three, caller).error().error,
            errc::multi_party_unsupported);
}

} // namespace
