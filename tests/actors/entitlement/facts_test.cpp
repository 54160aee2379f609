#include <actors/entitlement/facts.hpp>

#include <tests/support/users.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using tutti::testing::users;

entitlement_facts facts_about(participant_set whom) {
  entitlement_facts known;
  known.users = std::move(whom);
  return known;
}

TEST(entitlement_facts, looks_at_connections_then_at_the_own_pod) {
  auto known = facts_about(users({1}));
  EXPECT_EQ(look_further(known), look_up::connections);
  known.connected = users({1});
  EXPECT_EQ(look_further(known), look_up::own_pod);
  known.internal = users({1});
  EXPECT_EQ(look_further(known), look_up::nothing);
  EXPECT_EQ(judge(known).outcome, verdict::allowed);
}

TEST(entitlement_facts, features_matter_for_external_users_only) {
  auto known = facts_about(users({1, 2}));
  known.connected = users({1, 2});
  known.internal = users({1});
  EXPECT_EQ(look_further(known), look_up::features);
  known.external_im = entitlement_facts::feature::on;
  EXPECT_EQ(look_further(known), look_up::nothing);
  EXPECT_EQ(judge(known).outcome, verdict::allowed);
  known.external_im = entitlement_facts::feature::off;
  EXPECT_EQ(judge(known).reason.error, errc::not_entitled);
  known.external_im = entitlement_facts::feature::not_readable;
  EXPECT_EQ(judge(known).outcome, verdict::unknown);
}

TEST(entitlement_facts, an_internal_user_missing_among_the_connected_is_no_obstacle) {
  auto known = facts_about(users({1}));
  known.connected = users({});
  known.internal = users({1});
  EXPECT_EQ(look_further(known), look_up::nothing);
  EXPECT_EQ(judge(known).outcome, verdict::allowed);
}

TEST(entitlement_facts, looks_everywhere_for_the_unconnected_and_at_the_state_of_the_visible) {
  auto known = facts_about(users({1, 2}));
  known.connected = users({1});
  known.internal = users({1});
  EXPECT_EQ(look_further(known), look_up::everywhere);
  known.visible = users({2});
  EXPECT_EQ(look_further(known), look_up::connection);
  known.status = connection_status::rejected;
  EXPECT_EQ(look_further(known), look_up::nothing);
  EXPECT_EQ(judge(known).reason.error, errc::not_connected);
}

TEST(entitlement_facts, an_id_seen_nowhere_is_unknown) {
  auto known = facts_about(users({2}));
  known.connected = users({});
  known.internal = users({});
  known.visible = users({});
  EXPECT_EQ(look_further(known), look_up::features);
  known.external_im = entitlement_facts::feature::on;
  EXPECT_EQ(look_further(known), look_up::nothing);
  EXPECT_EQ(judge(known).reason.error, errc::unknown_user);
  known.external_im = entitlement_facts::feature::off;
  EXPECT_EQ(judge(known).reason.error, errc::not_entitled);
}

TEST(entitlement_facts, each_state_of_a_connection_has_its_way_out) {
  auto known = facts_about(users({2}));
  known.connected = users({});
  known.internal = users({});
  known.visible = users({2});
  const std::pair<connection_status, const char*> expected[] = {
      {connection_status::none, "connection request"},
      {connection_status::pending_outgoing, "waiting"},
      {connection_status::pending_incoming, "accept their"},
      {connection_status::rejected, "rejected"},
      {connection_status::accepted, "try again"}};
  for (auto [status, words] : expected) {
    known.status = status;
    EXPECT_NE(judge(known).reason.detail.find(words), std::string::npos) << words;
  }
}

TEST(entitlement_facts, what_may_not_be_read_ends_the_search_without_a_verdict) {
  auto known = facts_about(users({1}));
  known.unreadable = "words";
  EXPECT_EQ(look_further(known), look_up::nothing);
  EXPECT_EQ(judge(known).outcome, verdict::unknown);
  EXPECT_EQ(judge(known).reason.detail, "words");
}

} // namespace
