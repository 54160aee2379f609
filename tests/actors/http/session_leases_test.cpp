#include <actors/http/session_leases.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;

identity user(std::int64_t id) {
  return identity::on_behalf_of(*user_id::make(id));
}

void lease(session_leases& to, const identity& as, const char* token = "T") {
  to.await(as, 1);
  auto given = lease_session{as, session{token}};
  to.put(given);
}

TEST(session_leases, those_not_used_of_late_make_room) {
  session_leases all{16};
  lease(all, identity{});
  lease(all, identity::of_app());
  for (std::int64_t id = 1; id <= 1000; ++id) {
    lease(all, user(id));
    ASSERT_TRUE(all.usable(user(id)));
    ASSERT_TRUE(all.usable(user(1))) << id; // In use all the time.
  }
  int kept = 0;
  for (std::int64_t id = 1; id <= 1000; ++id)
    kept += all.usable(user(id)) != nullptr;
  EXPECT_LE(kept, 16);
  EXPECT_TRUE(all.usable(identity{}));
  EXPECT_TRUE(all.usable(identity::of_app()));
}

TEST(session_leases, a_late_401_of_one_that_made_room_expires_no_newer_session) {
  session_leases all{4};
  lease(all, user(1), "old");
  auto old = all.usable(user(1))->number;
  for (std::int64_t id = 2; id <= 20; ++id)
    lease(all, user(id));
  lease(all, user(1), "new");
  EXPECT_FALSE(all.expired(user(1), old));
  EXPECT_NE(all.usable(user(1))->header.find("new"), std::string::npos);
}

} // namespace
