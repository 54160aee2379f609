#include <actors/requests/batch.hpp>
#include <actors/requests/single_flight.hpp>
#include <base/containers/slab.hpp>

#include <tests/support/users.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace tutti;
using tutti::testing::users;

// -- slab -----------------------------------------------------------------------------

TEST(slab, an_id_finds_its_value_until_it_is_taken_and_never_another) {
  slab<std::string> table;
  auto first = table.insert("one");
  EXPECT_EQ(*table.find(first), "one");
  EXPECT_EQ(table.take(first), "one");
  auto second = table.insert("two");
  EXPECT_EQ(table.find(first), nullptr);
  EXPECT_EQ(table.take(first), std::nullopt);
  EXPECT_EQ(*table.find(second), "two");
  EXPECT_EQ(table.find(slab<std::string>::none), nullptr);
  EXPECT_EQ(table.ids(), std::vector{second});
}

// -- single_flight -----------------------------------------------------------------------

TEST(single_flight, the_first_starts_the_others_join) {
  single_flight<int> flights;
  auto first = flights.join(1, 10);
  auto second = flights.join(1, 11);
  EXPECT_TRUE(first.first);
  EXPECT_FALSE(second.first);
  EXPECT_EQ(first.id, second.id);
  EXPECT_TRUE(flights.join(2, 12).first);
}

TEST(single_flight, a_landed_flight_frees_its_key) {
  single_flight<int> flights;
  auto first = flights.join(1, 10);
  flights.join(1, 11);
  auto landed = flights.take(first.id);
  EXPECT_THAT(landed->waiters, ::testing::ElementsAre(10, 11));
  EXPECT_FALSE(flights.take(first.id));
  EXPECT_TRUE(flights.join(1, 12).first);
}

TEST(single_flight, ends_with_the_last_who_leaves) {
  single_flight<int> flights;
  auto flight = flights.join(1, 10).id;
  flights.join(1, 11);
  EXPECT_FALSE(flights.leave(flight, 10));
  EXPECT_FALSE(flights.leave(flight, 10));
  EXPECT_TRUE(flights.leave(flight, 11));
  EXPECT_FALSE(flights.leave(flight, 11));
  EXPECT_EQ(flights.size(), 0U);
}

// -- batch --------------------------------------------------------------------------------

TEST(batch, the_first_flies_alone_the_others_together) {
  batch<int> look_ups;
  look_ups.add(users({1}), 1);
  EXPECT_EQ(look_ups.next(100), users({1}));
  look_ups.add(users({2}), 2);
  look_ups.add(users({3, 2}), 3);
  EXPECT_TRUE(look_ups.next(100).empty());
  EXPECT_EQ(look_ups.answered().size(), 1U);
  EXPECT_EQ(look_ups.next(100), users({2, 3}));
  EXPECT_EQ(look_ups.answered().size(), 2U);
  EXPECT_TRUE(look_ups.next(100).empty());
}

TEST(batch, keeps_to_the_limit_and_never_splits_an_asker) {
  batch<int> look_ups;
  look_ups.add(users({1, 2}), 1);
  look_ups.add(users({3, 4}), 2);
  EXPECT_EQ(look_ups.next(3), users({1, 2}));
  look_ups.answered();
  EXPECT_EQ(look_ups.next(3), users({3, 4}));
}

TEST(batch, gives_everybody_back_at_the_end) {
  batch<int> look_ups;
  look_ups.add(users({1}), 1);
  look_ups.next(100);
  look_ups.add(users({2}), 2);
  EXPECT_EQ(look_ups.abandon().size(), 2U);
  EXPECT_TRUE(look_ups.abandon().empty());
}

TEST(batch, among_and_missing_are_set_operations) {
  EXPECT_EQ(among(users({1, 2, 3}), users({2, 3, 4})), users({2, 3}));
  EXPECT_EQ(missing(users({1, 2, 3}), users({2, 3, 4})), users({1}));
}

} // namespace
