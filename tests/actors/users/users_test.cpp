#include <tests/support/core_fixture.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;

class look_ups_test : public core_fixture {
public:
  void SetUp() override { start(); }

  template <class Answer, class Handle, class Question>
  asked<Answer> ask(const Handle& whom, Question question) {
    auto pending = sys.ask<Answer>(whom, std::move(question));
    sys.run();
    return pending;
  }

  find_users everywhere(std::vector<user_id> users, identity as = {}) {
    return {as, participant_set::of(users), user_scope::everywhere};
  }
};

TEST_F(look_ups_test, users_come_with_those_found_only) {
  auto asker = ask<users_found>(handles.users, everywhere({user(1), user(2)}));
  http.answer(users_path, 200, R"({"users":[{"id":2,"displayName":"B"}],"errors":[{"id":"1"}]})");
  EXPECT_EQ(asker->users, participant_set::of(std::vector{user(2)}));
}

TEST_F(look_ups_test, an_answer_without_users_is_nobody) {
  auto asker = ask<users_found>(handles.users, everywhere({user(1)}));
  http.answer(users_path, 200, R"({"errors":[{"id":"1"}]})");
  EXPECT_TRUE(asker->users.empty());
}

TEST_F(look_ups_test, nobody_to_look_for_is_answered_at_once) {
  EXPECT_TRUE(ask<users_found>(handles.users, everywhere({})).ok());
  EXPECT_TRUE(ask<connected_found>(handles.connections, find_connected{}).ok());
  EXPECT_EQ(ask<entitlement_checked>(handles.entitlement, check_entitlement{})->outcome,
            verdict::allowed);
  EXPECT_TRUE(http.seen().calls.empty());
}

TEST_F(look_ups_test, identities_look_up_apart) {
  ask<users_found>(handles.users, everywhere({user(1)}));
  ask<users_found>(handles.users, everywhere({user(2)}, identity::on_behalf_of(user(42))));
  EXPECT_EQ(http.count(users_path), 2);
}

TEST_F(look_ups_test, more_than_a_hundred_users_travel_in_several_look_ups) {
  ask<users_found>(handles.users, everywhere({user(1)}));
  for (int i = 2; i <= 151; ++i)
    ask<users_found>(handles.users, everywhere({user(i)}));
  http.answer(users_path, 204, "");
  auto target = http.waiting(users_path).request.target;
  EXPECT_EQ(std::count(target.begin(), target.end(), ','), 99);
  http.answer(users_path, 204, "");
  target = http.waiting(users_path).request.target;
  EXPECT_EQ(std::count(target.begin(), target.end(), ','), 49);
}

TEST_F(look_ups_test, a_failed_look_up_fails_its_askers_and_the_next_flies) {
  auto first = ask<connected_found>(handles.connections,
                                    find_connected{{}, participant_set::of(std::vector{user(1)})});
  auto second = ask<connected_found>(handles.connections,
                                     find_connected{{}, participant_set::of(std::vector{user(2)})});
  http.fail(connections_path, errc::unreachable);
  EXPECT_EQ(first.error(), errc::unreachable);
  EXPECT_FALSE(second.settled());
  http.answer(connections_path, 200, R"([{"userId":2,"status":"ACCEPTED"}])");
  EXPECT_EQ(second->users.size(), 1U);
}

TEST_F(look_ups_test, only_accepted_connections_count) {
  auto asker = ask<connected_found>(
      handles.connections, find_connected{{}, participant_set::of(std::vector{user(1), user(2)})});
  http.answer(connections_path, 200,
              R"([{"userId":1,"status":"PENDING_INCOMING"},{"userId":2,"status":"ACCEPTED"}])");
  EXPECT_EQ(asker->users, participant_set::of(std::vector{user(2)}));
}

TEST_F(look_ups_test, the_state_of_one_connection) {
  const std::pair<const char*, connection_status> states[] = {
      {"PENDING_INCOMING", connection_status::pending_incoming},
      {"PENDING_OUTGOING", connection_status::pending_outgoing},
      {"ACCEPTED", connection_status::accepted},
      {"REJECTED", connection_status::rejected},
      {"A_NEWER_STATE", connection_status::none}};
  for (auto [word, status] : states) {
    auto asker = ask<connection_info>(handles.connections, get_connection{{}, user(1)});
    http.answer("/pod/v1/connection/user/1/info", 200,
                std::string{R"({"userId":1,"status":")"} + word + R"("})");
    EXPECT_EQ(asker->status, status) << word;
  }
}

TEST_F(look_ups_test, no_connection_at_all_is_a_404) {
  auto asker = ask<connection_info>(handles.connections, get_connection{{}, user(1)});
  http.answer("/pod/v1/connection/user/1/info", 404, "");
  EXPECT_EQ(asker->status, connection_status::none);
}

TEST_F(look_ups_test, wrong_shapes_are_protocol_errors) {
  auto users = ask<users_found>(handles.users, everywhere({user(1)}));
  http.answer(users_path, 200, R"({"users":[{"id":"one"}]})");
  EXPECT_EQ(users.error(), errc::protocol_error);
  auto connections = ask<connected_found>(
      handles.connections, find_connected{{}, participant_set::of(std::vector{user(1)})});
  http.answer(connections_path, 200, R"({"userId":1})");
  EXPECT_EQ(connections.error(), errc::protocol_error);
}

TEST_F(look_ups_test, everybody_is_told_when_they_end) {
  auto users = ask<users_found>(handles.users, everywhere({user(1)}));
  auto waiting = ask<users_found>(handles.users, everywhere({user(2)}));
  auto connections = ask<connected_found>(
      handles.connections, find_connected{{}, participant_set::of(std::vector{user(1)})});
  auto one = ask<connection_info>(handles.connections, get_connection{{}, user(1)});
  sys.kill(handles.users);
  sys.kill(handles.connections);
  EXPECT_EQ(users.error(), errc::shutting_down);
  EXPECT_EQ(waiting.error(), errc::shutting_down);
  EXPECT_EQ(connections.error(), errc::shutting_down);
  EXPECT_EQ(one.error(), errc::shutting_down);
}

// -- by name ------------------------------------------------------------------------

TEST_F(look_ups_test, names_asked_for_at_once_travel_together_and_come_back_to_who_asked) {
  auto first = sys.ask<named_users_found>(handles.users,
                                          find_named_users{{}, user_naming::username, {"ada"}});
  auto second = sys.ask<named_users_found>(
      handles.users, find_named_users{{}, user_naming::username, {"ben", "nobody"}});
  sys.run();
  EXPECT_EQ(http.waiting(users_path).request.target,
            std::string{users_path} + "?username=ada,ben,nobody&local=true&active=true");
  http.answer(users_path, 200,
              R"({"users":[{"id":1,"username":"ada"},{"id":2,"username":"ben"}]})");
  EXPECT_EQ(first->users, (std::map<std::string, user_id>{{"ada", user(1)}}));
  EXPECT_EQ(second->users, (std::map<std::string, user_id>{{"ben", user(2)}}));
}

TEST_F(look_ups_test, addresses_match_whatever_their_case) {
  auto asker = ask<named_users_found>(handles.users,
                                      find_named_users{{}, user_naming::email, {"Ada@our.bank"}});
  EXPECT_NE(http.waiting(users_path).request.target.find("email=Ada%40our.bank&local=true"),
            std::string::npos);
  http.answer(users_path, 200, R"({"users":[{"id":1,"emailAddress":"ada@OUR.bank"},{"id":2}]})");
  EXPECT_EQ(asker->users.at("Ada@our.bank"), user(1));
}

TEST_F(look_ups_test, users_of_other_pods_are_asked_for_one_by_one) {
  auto asker = ask<named_users_found>(
      handles.users, find_named_users{{}, user_naming::email_anywhere, {"x@their.bank"}});
  auto other = ask<named_users_found>(
      handles.users, find_named_users{{}, user_naming::email_anywhere, {"y@their.bank"}});
  EXPECT_NE(http.waiting(users_path).request.target.find("email=x%40their.bank&local=false"),
            std::string::npos);
  http.answer(users_path, 200, R"({"users":[{"id":5}]})"); // Its address is withheld.
  EXPECT_EQ(asker->users.at("x@their.bank"), user(5));
  http.answer(users_path, 204, "");
  EXPECT_TRUE(other->users.empty());
}

TEST_F(look_ups_test, of_several_users_of_one_name_none_is_chosen) {
  auto first = sys.ask<named_users_found>(
      handles.users, find_named_users{{}, user_naming::email, {"kim@our.bank", "ada@our.bank"}});
  auto second = sys.ask<named_users_found>(
      handles.users, find_named_users{{}, user_naming::email, {"ada@our.bank"}});
  sys.run();
  http.answer(users_path, 200,
              R"({"users":[{"id":1,"emailAddress":"kim@our.bank"},
                           {"id":2,"emailAddress":"Kim@our.bank"},
                           {"id":3,"emailAddress":"ada@our.bank"}]})");
  EXPECT_EQ(first->users, (std::map<std::string, user_id>{{"ada@our.bank", user(3)}}));
  EXPECT_EQ(first->ambiguous.at("kim@our.bank"), (std::vector{user(1), user(2)}));
  EXPECT_TRUE(second->ambiguous.empty());
}

TEST_F(look_ups_test, of_several_strangers_with_withheld_addresses_none_is_chosen) {
  auto asker = ask<named_users_found>(
      handles.users, find_named_users{{}, user_naming::email_anywhere, {"x@their.bank"}});
  http.answer(users_path, 200, R"({"users":[{"id":5},{"id":6}]})");
  EXPECT_TRUE(asker->users.empty());
  EXPECT_EQ(asker->ambiguous.at("x@their.bank"), (std::vector{user(5), user(6)}));
}

TEST_F(look_ups_test, who_is_found_by_name_on_the_own_pod_is_known_to_be_of_it) {
  ask<named_users_found>(handles.users, find_named_users{{}, user_naming::username, {"ada"}});
  http.answer(users_path, 200, R"({"users":[{"id":1,"username":"ada"}]})");
  auto asker = ask<users_found>(
      handles.users,
      find_users{{}, participant_set::of(std::vector{user(1)}), user_scope::own_pod});
  EXPECT_EQ(asker->users.size(), 1U);
  EXPECT_EQ(http.count(users_path), 1);
}

TEST_F(look_ups_test, who_is_found_by_name_anywhere_is_not) {
  ask<named_users_found>(handles.users,
                         find_named_users{{}, user_naming::email_anywhere, {"x@their.bank"}});
  http.answer(users_path, 200, R"({"users":[{"id":5}]})");
  ask<users_found>(handles.users,
                   find_users{{}, participant_set::of(std::vector{user(5)}), user_scope::own_pod});
  EXPECT_EQ(http.count(users_path), 2);
}

TEST_F(look_ups_test, one_question_may_name_more_than_the_pod_takes_in_a_call) {
  std::vector<user_id> many;
  std::set<std::string> names;
  for (int i = 1; i <= 150; ++i) {
    many.push_back(user(i));
    names.insert("u" + std::to_string(i));
  }
  auto users = ask<users_found>(handles.users, everywhere(many));
  http.answer(users_path, 200, R"({"users":[{"id":1}]})");
  http.answer(users_path, 200, R"({"users":[{"id":150}]})");
  EXPECT_EQ(users->users, participant_set::of(std::vector{user(1), user(150)}));
  auto named =
      ask<named_users_found>(handles.users, find_named_users{{}, user_naming::username, names});
  http.answer(users_path, 200, R"({"users":[{"id":1,"username":"u1"}]})");
  http.answer(users_path, 200, R"({"users":[{"id":99,"username":"u99"}]})");
  EXPECT_EQ(named->users, (std::map<std::string, user_id>{{"u1", user(1)}, {"u99", user(99)}}));
  auto connected =
      ask<connected_found>(handles.connections, find_connected{{}, participant_set::of(many)});
  http.answer(connections_path, 200, R"([{"userId":2,"status":"ACCEPTED"}])");
  http.answer(connections_path, 200, R"([])");
  EXPECT_EQ(connected->users, participant_set::of(std::vector{user(2)}));
}

TEST_F(look_ups_test, long_names_travel_in_queries_that_servers_take) {
  std::set<std::string> names;
  std::string cyrillic;
  for (int i = 0; i < 30; ++i)
    cyrillic += "\xD0\xB0";
  for (int i = 0; i < 100; ++i)
    names.insert(cyrillic + std::to_string(i));
  auto asker = sys.ask<named_users_found>(
      handles.users, find_named_users{{}, user_naming::username, std::move(names)});
  sys.run();
  for (int i = 0; i < 100 && !asker.settled(); ++i) {
    EXPECT_LT(http.waiting(users_path).request.target.size(), 4'200U);
    http.answer(users_path, 204, "");
  }
  EXPECT_TRUE(asker.settled());
}

TEST_F(look_ups_test, a_part_that_fails_is_the_answer_to_the_whole) {
  std::vector<user_id> many;
  for (int i = 1; i <= 150; ++i)
    many.push_back(user(i));
  auto users = ask<users_found>(handles.users, everywhere(many));
  http.answer(users_path, 403, "{}");
  EXPECT_EQ(users.error(), errc::not_entitled);
  auto others = ask<users_found>(handles.users, everywhere(many));
  sys.kill(handles.users);
  EXPECT_EQ(others.error(), errc::shutting_down);
}

TEST_F(look_ups_test, an_exit_tells_who_asks_by_name) {
  auto asker =
      ask<named_users_found>(handles.users, find_named_users{{}, user_naming::username, {"ada"}});
  sys.kill(handles.users);
  EXPECT_EQ(asker.error(), errc::shutting_down);
}

} // namespace
