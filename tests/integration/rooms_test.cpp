// Rooms at the emulator: the way out for an IM of several.
#include <tests/support/pod_fixture.hpp>

#include <tutti/bot.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class pod_rooms_test : public ::testing::Test {
public:
  pod_rooms_test() { running.start().value(); }

  room_attributes named(const std::string& name) {
    room_attributes made;
    made.name = name;
    return made;
  }

  result<room_created> create(create_room wanted) { return running.ask(std::move(wanted)).get(); }

  pod_fixture pod;
  bot running{pod.bot_config()};
};

TEST_F(pod_rooms_test, several_who_cannot_have_an_im_have_a_room) {
  auto made = create({.attributes = named("Desk"), .members = {pod.id("ada"), pod.id("ben")}});
  ASSERT_TRUE(made) << made.error().detail;
  for (const auto& each : made->members)
    EXPECT_FALSE(each.why_not) << each.why_not->detail;
  auto members = running.ask(list_room_members{{}, made->made.id}).get();
  ASSERT_TRUE(members);
  std::vector<user_id> ids;
  for (const auto& each : members->members)
    ids.push_back(each.user);
  EXPECT_EQ(ids, (std::vector{pod.id("demo-bot"), pod.id("ada"), pod.id("ben")}));
  EXPECT_TRUE(members->members[0].owner);
}

TEST_F(pod_rooms_test, a_member_of_another_company_needs_a_cross_pod_room) {
  auto made = create({.attributes = named("Ours"), .members = {pod.id("xenia"), pod.id("ada")}});
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->members.at(0).why_not);
  EXPECT_EQ(made->members[0].why_not->error, errc::not_entitled);
  EXPECT_FALSE(made->members.at(1).why_not);
}

TEST_F(pod_rooms_test, what_the_pod_does_not_allow_is_told_in_its_words) {
  ASSERT_TRUE(create({.attributes = named("Desk")}));
  auto again = create({.attributes = named(" d e S k")});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().error, errc::rejected);
  EXPECT_NE(again.error().detail.find("exists already"), std::string::npos);
  auto open = named("Open");
  open.is_public = true;
  auto refused = create({.attributes = open});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error, errc::not_entitled);
}

TEST_F(pod_rooms_test, members_come_and_go) {
  auto made = create({.attributes = named("Desk"), .members = {pod.id("ada")}});
  ASSERT_TRUE(made);
  auto id = made->made.id;
  auto added = running.ask(add_room_members{{}, id, {pod.id("ada"), pod.id("cleo")}}).get();
  ASSERT_TRUE(added);
  EXPECT_EQ(pod.serving.request_counts()["POST /pod/v1/room/{id}/membership/add"], 2);
  auto gone = running.ask(remove_room_members{{}, id, {pod.id("ada"), pod.id("dan")}}).get();
  ASSERT_TRUE(gone);
  EXPECT_EQ(pod.serving.request_counts()["POST /pod/v1/room/{id}/membership/remove"], 1);
  EXPECT_EQ(running.ask(list_room_members{{}, id}).get()->members.size(), 2U);
}

TEST_F(pod_rooms_test, rooms_are_found_by_a_part_of_their_name_and_by_id) {
  for (const auto* name : {"FX desk", "Rates desk", "Lunch"})
    ASSERT_TRUE(create({.attributes = named(name)}));
  auto found = running.ask(find_rooms{.text = "DESK", .limit = 1}).get();
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->count, 2U);
  ASSERT_EQ(found->rooms.size(), 1U);
  auto same = running.ask(get_room{{}, found->rooms[0].id}).get();
  ASSERT_TRUE(same) << same.error().detail;
  EXPECT_EQ(*same, found->rooms[0]);
  auto none = running.ask(get_room{{}, *stream_id::make("nothing")}).get();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().error, errc::rejected);
}

// -- streams ------------------------------------------------------------------------------

TEST_F(pod_rooms_test, ims_and_rooms_are_streams) {
  auto im = running.ask(create_im{.participants = {pod.id("ada")}}).get();
  auto made = create({.attributes = named("Desk")});
  ASSERT_TRUE(im && made);
  auto all = running.ask(list_streams{}).get();
  ASSERT_TRUE(all) << all.error().detail;
  EXPECT_EQ(all->streams.size(), 2U);
  auto rooms = running.ask(list_streams{.types = {stream_type::room}}).get();
  ASSERT_TRUE(rooms);
  ASSERT_EQ(rooms->streams.size(), 1U);
  EXPECT_EQ(rooms->streams[0].room_name, "Desk");
  auto one = running.ask(get_stream{{}, im->stream}).get();
  ASSERT_TRUE(one) << one.error().detail;
  EXPECT_EQ(one->type, stream_type::im);
  EXPECT_EQ(one->members, (std::vector{pod.id("demo-bot"), pod.id("ada")}));
  EXPECT_FALSE(one->cross_pod);
}

TEST_F(pod_rooms_test, who_may_provision_reads_the_members_of_any_stream) {
  auto im = running.ask(create_im{.participants = {pod.id("xenia")}}).get();
  ASSERT_TRUE(im);
  auto members = running.ask(list_stream_members{{}, im->stream}).get();
  ASSERT_TRUE(members) << members.error().detail;
  EXPECT_EQ(members->count, 2U);
  auto other = members->members.at(1);
  EXPECT_EQ(other.user, pod.id("xenia"));
  EXPECT_TRUE(other.external);
  EXPECT_EQ(other.company, "Their bank");
}

TEST_F(pod_rooms_test, a_caller_without_streams_has_an_empty_list) {
  auto none = running.ask(list_streams{}).get();
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->streams.empty());
}

} // namespace
