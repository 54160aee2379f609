#include <tests/support/core_fixture.hpp>
#include <tests/support/users.hpp>

#include <actors/rooms/member_throttle.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

constexpr auto room_path = "/pod/v3/room/create";
constexpr auto add_path = "/pod/v1/room/R1/membership/add";
constexpr auto remove_path = "/pod/v1/room/R1/membership/remove";
constexpr auto list_path = "/pod/v2/room/R1/membership/list";

class rooms_test : public core_fixture {
public:
  rooms_test() { start(); }

  asked<room_created> create(std::vector<user_id> members, create_room more = {}) {
    more.attributes.name = "Desk";
    more.members = std::move(members);
    auto pending = sys.ask<room_created>(handles.rooms, std::move(more));
    sys.run();
    return pending;
  }

  template <class Change>
  asked<room_members_changed> change(std::vector<user_id> users, Change more = {}) {
    more.room = *stream_id::make("R1");
    more.users = std::move(users);
    auto pending = sys.ask<room_members_changed>(handles.rooms, std::move(more));
    sys.run();
    return pending;
  }

  void made() {
    http.answer(room_path, 200,
                R"({"roomAttributes":{"name":"Desk"},"roomSystemInfo":{"id":"R1",)"
                R"("creationDate":1500000000000,"createdByUserId":999,"active":true}})");
  }

  void added() { http.answer(add_path, 200, R"({"format":"TEXT","message":"Member added"})"); }
};

TEST_F(rooms_test, a_room_is_made_and_its_members_are_added_one_after_the_other) {
  auto asker = create({user(1), user(2), user(1)});
  EXPECT_EQ(http.waiting(room_path).request.body, R"({"name":"Desk","description":""})");
  EXPECT_FALSE(http.waiting(room_path).request.repeat_safe);
  made();
  EXPECT_EQ(http.waiting(add_path).request.body, R"({"id":1})");
  added();
  EXPECT_EQ(http.count(add_path), 1) << "three a second";
  sys.advance(340ms);
  EXPECT_EQ(http.waiting(add_path).request.body, R"({"id":2})");
  added();
  ASSERT_TRUE(asker.ok());
  EXPECT_EQ(asker->made.id.text(), "R1");
  EXPECT_EQ(asker->made.attributes.name, "Desk");
  ASSERT_EQ(asker->members.size(), 2U);
  EXPECT_FALSE(asker->members[0].why_not);
  EXPECT_FALSE(asker->members[1].why_not);
}

TEST_F(rooms_test, the_caller_is_a_member_already) {
  auto asker = create({*user_id::make(999)});
  made();
  ASSERT_TRUE(asker.ok());
  EXPECT_EQ(http.count(add_path), 0);
  EXPECT_FALSE(asker->members.at(0).why_not);
}

TEST_F(rooms_test, a_member_that_cannot_be_added_loses_nobody_else) {
  auto asker = create({user(1), user(2)});
  made();
  http.answer(add_path, 400, R"({"code":400,"message":"User 1 does not exist"})");
  sys.advance(1s);
  added();
  ASSERT_TRUE(asker.ok());
  ASSERT_TRUE(asker->members.at(0).why_not);
  EXPECT_EQ(asker->members[0].why_not->error, errc::rejected);
  EXPECT_NE(asker->members[0].why_not->detail.find("does not exist"), std::string::npos);
  EXPECT_FALSE(asker->members.at(1).why_not);
}

TEST_F(rooms_test, no_room_is_one_failure) {
  auto asker = create({user(1)});
  http.answer(room_path, 400, R"({"code":400,"message":"A room of this name exists"})");
  EXPECT_EQ(asker.error(), errc::rejected);
  EXPECT_EQ(http.count(add_path), 0);
}

TEST_F(rooms_test, a_lost_answer_says_that_the_room_may_exist) {
  auto asker = create({});
  http.fail(room_path, errc::unreachable);
  EXPECT_EQ(asker.error(), errc::unreachable);
  EXPECT_NE(asker.why().detail.find("may exist"), std::string::npos);
}

TEST_F(rooms_test, on_behalf_of_a_user_the_permission_is_named) {
  create_room more;
  more.as = identity::on_behalf_of(user(7));
  auto asker = create({}, more);
  EXPECT_EQ(http.waiting(room_path).as, more.as);
  http.answer(room_path, 403, R"({"code":403,"message":"no"})");
  EXPECT_EQ(asker.error(), errc::not_entitled);
  EXPECT_NE(asker.why().detail.find("CREATE_USER_STREAM or MANAGE_ROOMS"), std::string::npos);
}

TEST_F(rooms_test, a_deadline_answers_with_what_was_done) {
  create_room more;
  more.timeout = 500ms;
  auto asker = create({user(1), user(2), user(3), user(4)}, more);
  made();
  added();
  sys.advance(340ms);
  added();
  sys.advance(200ms);
  ASSERT_TRUE(asker.ok());
  EXPECT_FALSE(asker->members.at(0).why_not);
  EXPECT_FALSE(asker->members.at(1).why_not);
  EXPECT_EQ(asker->members.at(2).why_not->error, errc::deadline_exceeded);
  EXPECT_EQ(asker->members.at(3).why_not->error, errc::deadline_exceeded);
}

TEST_F(rooms_test, taken_back_it_answers_with_what_was_done) {
  create_room more;
  more.ticket = call_ticket::next();
  auto asker = create({user(1), user(2)}, more);
  made();
  added();
  caf::anon_send(handles.rooms, cancel_room_work{more.ticket});
  sys.run();
  ASSERT_TRUE(asker.ok());
  EXPECT_FALSE(asker->members.at(0).why_not);
  EXPECT_EQ(asker->members.at(1).why_not->error, errc::cancelled);
}

TEST_F(rooms_test, its_end_tells_everybody_and_names_the_room_there_is) {
  auto first = create({user(1)});
  made();
  auto second = create({});
  auto third = sys.ask<room>(handles.rooms, get_room{{}, *stream_id::make("R1")});
  sys.run();
  sys.kill(handles.rooms);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->members.at(0).why_not->error, errc::shutting_down);
  EXPECT_EQ(second.error(), errc::shutting_down);
  EXPECT_EQ(third.error(), errc::shutting_down);
}

TEST_F(rooms_test, who_is_in_a_room_is_not_added_again) {
  auto asker = change<add_room_members>({user(1), user(2)});
  http.answer(list_path, 200, R"([{"id":1,"owner":false,"joinDate":1}])");
  EXPECT_EQ(http.waiting(add_path).request.body, R"({"id":2})");
  added();
  ASSERT_TRUE(asker.ok());
  EXPECT_FALSE(asker->users.at(0).why_not);
  EXPECT_FALSE(asker->users.at(1).why_not);
  EXPECT_EQ(http.count(add_path), 1);
}

TEST_F(rooms_test, who_is_not_in_it_need_not_be_removed) {
  auto asker = change<remove_room_members>({user(1), user(2)});
  http.answer(list_path, 200, R"([{"id":2}])");
  EXPECT_EQ(http.waiting(remove_path).request.body, R"({"id":2})");
  http.answer(remove_path, 200, "{}");
  ASSERT_TRUE(asker.ok());
  EXPECT_EQ(http.count(remove_path), 1);
}

TEST_F(rooms_test, members_that_may_not_be_read_are_left_to_the_pod) {
  auto asker = change<add_room_members>({user(1)});
  http.answer(list_path, 403, "{}");
  added();
  ASSERT_TRUE(asker.ok());
}

TEST_F(rooms_test, a_large_room_takes_one_in_three_seconds) {
  std::string many = "[";
  for (int i = 10; i < 520; ++i)
    many += (i > 10 ? ",{\"id\":" : "{\"id\":") + std::to_string(i) + "}";
  auto asker = change<add_room_members>({user(1), user(2)});
  http.answer(list_path, 200, many + "]");
  added();
  sys.advance(2900ms);
  EXPECT_EQ(http.count(add_path), 1);
  sys.advance(200ms);
  EXPECT_EQ(http.count(add_path), 2);
  added();
  EXPECT_TRUE(asker.ok());
}

TEST_F(rooms_test, rooms_are_found_and_listed) {
  auto search = sys.ask<rooms_found>(handles.rooms, find_rooms{.text = "de\"sk", .limit = 7});
  sys.run();
  const auto& call = http.waiting("/pod/v3/room/search");
  EXPECT_EQ(call.request.target, "/pod/v3/room/search?skip=0&limit=7");
  EXPECT_EQ(call.request.body, R"({"query":"de\"sk"})");
  http.answer("/pod/v3/room/search", 200,
              R"({"count":9,"rooms":[{"roomAttributes":{"name":"Desk","public":true,)"
              R"("keywords":[{"key":"k","value":"v"}]},"roomSystemInfo":{"id":"a+b/c=="}}]})");
  ASSERT_TRUE(search.ok());
  EXPECT_EQ(search->count, 9U);
  EXPECT_EQ(search->rooms.at(0).id.text(), "a-b_c");
  EXPECT_EQ(search->rooms[0].attributes.is_public, std::optional{true});
  EXPECT_EQ(search->rooms[0].attributes.keywords, (std::vector<room_keyword>{{"k", "v"}}));
  auto members =
      sys.ask<room_members>(handles.rooms, list_room_members{{}, *stream_id::make("R1")});
  sys.run();
  http.answer(list_path, 200, R"([{"id":1,"owner":true,"joinDate":1500000000000}])");
  ASSERT_TRUE(members.ok());
  EXPECT_TRUE(members->members.at(0).owner);
}

TEST_F(rooms_test, taken_back_while_the_room_is_made_it_is_told_and_has_no_members) {
  create_room more;
  more.ticket = call_ticket::next();
  auto asker = create({user(1)}, more);
  caf::anon_send(handles.rooms, cancel_room_work{more.ticket});
  sys.run();
  made();
  ASSERT_TRUE(asker.ok());
  EXPECT_EQ(asker->members.at(0).why_not->error, errc::cancelled);
  EXPECT_EQ(http.count(add_path), 0);
}

TEST_F(rooms_test, the_one_on_its_way_when_taken_back_is_told_as_the_pod_has_it) {
  create_room more;
  more.ticket = call_ticket::next();
  auto asker = create({user(1), user(2)}, more);
  made();
  caf::anon_send(handles.rooms, cancel_room_work{more.ticket});
  sys.run();
  EXPECT_FALSE(asker.settled());
  added();
  ASSERT_TRUE(asker.ok());
  EXPECT_FALSE(asker->members.at(0).why_not);
  EXPECT_EQ(asker->members.at(1).why_not->error, errc::cancelled);
}

TEST(member_throttle, is_shared_by_all_rooms) {
  member_throttle pace;
  member_throttle::time_point start{1h};
  EXPECT_EQ(pace.next(start, {}, 1).when, start);
  EXPECT_EQ(pace.next(start, {}, 1).when, start + 334ms);
  EXPECT_EQ(pace.next(start + 1s, {}, 1).when, start + 1s);
}

TEST(member_throttle, a_large_room_waits_without_the_others) {
  member_throttle pace;
  member_throttle::time_point start{1h};
  EXPECT_TRUE(pace.next(start, start - 1h, 501).taken);
  auto large = pace.next(start + 400ms, start, 501);
  EXPECT_FALSE(large.taken);
  EXPECT_EQ(large.when, start + 3s);
  EXPECT_EQ(pace.next(start + 400ms, {}, 1).when, start + 400ms);
}

} // namespace
