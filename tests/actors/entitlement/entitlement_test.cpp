#include <tests/support/core_fixture.hpp>

namespace {

using namespace tutti;
using namespace tutti::testing;

constexpr auto features_path = "/pod/v1/admin/user/7/features";

class entitlement_test : public core_fixture {
public:
  void SetUp() override { start(); }

  asked<entitlement_checked> check(std::vector<user_id> users, bool refused = false) {
    auto pending = sys.ask<entitlement_checked>(
        handles.entitlement, check_entitlement{{}, participant_set::of(users), refused});
    sys.run();
    return pending;
  }

  void connected(const std::string& ids) {
    std::string body = "[";
    for (auto id : ids)
      body += (body == "[" ? "" : ",") + (R"({"userId":)" + std::string{id}) +
              R"(,"status":"ACCEPTED"})";
    http.answer(connections_path, 200, body + "]");
  }

  void found(const std::string& ids) {
    std::string body;
    for (auto id : ids)
      body += (body.empty() ? "" : ",") + (R"({"id":)" + std::string{id}) + "}";
    http.answer(users_path, ids.empty() ? 204 : 200, R"({"users":[)" + body + "]}");
  }

  void feature(bool enabled) {
    http.answer(features_path, 200,
                std::string{R"([{"entitlment":"postReadEnabled","enabled":true},)"} +
                    R"({"entitlment":"isExternalIMEnabled","enabled":)" +
                    (enabled ? "true}]" : "false}]"));
  }
};

TEST_F(entitlement_test, an_internal_user_needs_no_features) {
  auto asker = check({user(1)});
  EXPECT_EQ(http.waiting(connections_path).request.target,
            "/pod/v1/connection/list?status=ACCEPTED&userIds=1");
  connected("1");
  EXPECT_EQ(http.waiting(users_path).request.target, "/pod/v3/users?uid=1&local=true");
  found("1");
  EXPECT_EQ(asker->outcome, verdict::allowed);
  EXPECT_EQ(http.seen().calls.size(), 2U);
}

TEST_F(entitlement_test, an_external_connected_user_is_allowed_by_the_feature) {
  auto asker = check({user(1)});
  connected("1");
  found("");
  feature(true);
  EXPECT_EQ(asker->outcome, verdict::allowed);
}

TEST_F(entitlement_test, without_the_feature_an_external_user_is_denied_with_the_way_out) {
  auto asker = check({user(1)});
  connected("1");
  found("");
  feature(false);
  EXPECT_EQ(asker->outcome, verdict::denied);
  EXPECT_EQ(asker->reason.error, errc::not_entitled);
  EXPECT_NE(asker->reason.detail.find("isExternalIMEnabled"), std::string::npos);
  EXPECT_NE(asker->reason.detail.find("Admin Portal"), std::string::npos);
}

TEST_F(entitlement_test, features_that_may_not_be_read_leave_it_to_the_pod) {
  auto asker = check({user(1)});
  connected("1");
  found("");
  http.answer(features_path, 403, R"({"code":403,"message":"lacks"})");
  EXPECT_EQ(asker->outcome, verdict::unknown);
}

TEST_F(entitlement_test, a_visible_user_without_connection_is_denied_with_its_state) {
  auto asker = check({user(1)});
  connected("");
  found("");
  EXPECT_EQ(http.waiting(users_path).request.target, "/pod/v3/users?uid=1&local=false");
  found("1");
  http.answer("/pod/v1/connection/user/1/info", 200, R"({"userId":1,"status":"PENDING_OUTGOING"})");
  EXPECT_EQ(asker->reason.error, errc::not_connected);
  EXPECT_NE(asker->reason.detail.find("PENDING_OUTGOING"), std::string::npos);
}

TEST_F(entitlement_test, an_id_nobody_has_is_an_unknown_user) {
  auto asker = check({user(1)});
  connected("");
  found("");
  found("");
  feature(true);
  EXPECT_EQ(asker->reason.error, errc::unknown_user);
}

TEST_F(entitlement_test, who_does_not_show_to_a_caller_without_the_feature_may_be_external) {
  auto asker = check({user(1)});
  connected("");
  found("");
  found("");
  feature(false);
  EXPECT_EQ(asker->reason.error, errc::not_entitled);
  EXPECT_NE(asker->reason.detail.find("isExternalIMEnabled"), std::string::npos);
}

TEST_F(entitlement_test, a_denial_is_looked_up_again_each_time) {
  check({user(1)});
  connected("1");
  found("");
  feature(false);
  auto again = check({user(1)});
  connected("1");
  found("");
  feature(true);
  EXPECT_EQ(again->outcome, verdict::allowed);
}

TEST_F(entitlement_test, what_arrives_while_a_look_up_flies_travels_in_the_next) {
  auto first = check({user(1)});
  auto second = check({user(2)});
  auto third = check({user(3)});
  EXPECT_EQ(http.count(connections_path), 1);
  connected("1");
  EXPECT_EQ(http.waiting(connections_path).request.target,
            "/pod/v1/connection/list?status=ACCEPTED&userIds=2,3");
  found("1");
  connected("23");
  EXPECT_EQ(http.waiting(users_path).request.target, "/pod/v3/users?uid=2,3&local=true");
  found("23");
  for (const auto& each : {first, second, third})
    EXPECT_EQ(each->outcome, verdict::allowed);
}

TEST_F(entitlement_test, what_is_asked_in_one_go_travels_together_at_once) {
  for (int i = 1; i <= 9; ++i)
    sys.ask<entitlement_checked>(
        handles.entitlement,
        check_entitlement{{}, participant_set::of(std::vector{user(i)}), false});
  sys.run();
  EXPECT_EQ(http.waiting(connections_path).request.target,
            "/pod/v1/connection/list?status=ACCEPTED&userIds=1,2,3,4,5,6,7,8,9");
  connected("123456789");
  EXPECT_EQ(http.waiting(users_path).request.target,
            "/pod/v3/users?uid=1,2,3,4,5,6,7,8,9&local=true");
}

TEST_F(entitlement_test, askers_for_external_users_share_one_reading_of_the_features) {
  auto first = check({user(1)});
  auto second = check({user(2)});
  auto third = check({user(3)});
  connected("1");
  found("");
  connected("23");
  found("");
  EXPECT_EQ(http.count(features_path), 1);
  feature(true);
  EXPECT_EQ(http.count(features_path), 2);
  feature(true);
  for (const auto& each : {first, second, third})
    EXPECT_EQ(each->outcome, verdict::allowed);
}

TEST_F(entitlement_test, who_is_internal_is_remembered) {
  check({user(1)});
  connected("1");
  found("1");
  auto again = check({user(1)});
  connected("1");
  EXPECT_EQ(again->outcome, verdict::allowed);
  EXPECT_EQ(http.count(users_path), 1);
}

TEST_F(entitlement_test, after_a_refusal_the_features_are_read_for_internal_users_too) {
  auto asker = check({user(1)}, true);
  connected("1");
  found("1");
  EXPECT_FALSE(asker.settled());
  feature(false);
  EXPECT_EQ(asker->outcome, verdict::allowed);
}

TEST_F(entitlement_test, a_look_up_the_caller_may_not_make_leaves_it_to_the_pod) {
  auto asker = check({user(1)});
  http.answer(connections_path, 403, "");
  EXPECT_EQ(asker->outcome, verdict::unknown);
}

TEST_F(entitlement_test, a_pod_out_of_reach_is_told_to_the_asker) {
  for (auto error : {errc::unreachable, errc::deadline_exceeded, errc::unauthorized,
                     errc::login_refused, errc::overloaded}) {
    auto asker = check({user(1)});
    http.fail(connections_path, error);
    EXPECT_EQ(asker.error(), error);
  }
}

TEST_F(entitlement_test, everybody_is_told_when_it_ends) {
  auto asker = check({user(1)});
  sys.kill(handles.entitlement);
  EXPECT_EQ(asker.error(), errc::shutting_down);
}

// -- with im above ----------------------------------------------------------------------

TEST_F(entitlement_test, a_denied_im_is_never_asked_for) {
  auto asker = open({user(1)});
  connected("");
  found("");
  found("");
  feature(true);
  EXPECT_EQ(asker.error(), errc::unknown_user);
  EXPECT_EQ(http.count(create_path), 0);
  open({user(1)});
  EXPECT_EQ(http.count(create_path), 0); // Nor the next time: a denial is not remembered as a way.
  EXPECT_EQ(http.count(connections_path), 2);
}

class way_test : public entitlement_test {
public:
  void SetUp() override {
    settings.im.directory.capacity = 0;
    start();
  }
};

TEST_F(way_test, an_allowed_way_is_at_hand_for_its_time) {
  open({user(1)});
  connected("1");
  found("1");
  created("A");
  open({user(1)});
  created("A");
  EXPECT_EQ(http.count(connections_path), 1);
  sys.advance(settings.entitlements.ttl);
  open({user(1)});
  EXPECT_EQ(http.count(connections_path), 2);
}

TEST_F(entitlement_test, users_known_to_be_of_the_caller_s_pod_are_not_looked_up) {
  auto asker = open({user(1)}, {.same_pod = true});
  EXPECT_EQ(http.count(connections_path), 0);
  EXPECT_EQ(http.count(users_path), 0);
  created("A");
  EXPECT_TRUE(asker.ok());
}

TEST_F(entitlement_test, users_wrongly_said_to_be_of_the_caller_s_pod_are_looked_up_after_a_403) {
  auto asker = open({user(1)}, {.same_pod = true});
  http.answer(create_path, 403, R"({"code":403,"message":"the pod's words"})");
  connected("");
  found("");
  found("1");
  http.answer("/pod/v1/connection/user/1/info", 200, R"({"userId":1,"status":"NONE"})");
  EXPECT_EQ(asker.error(), errc::not_connected);
}

TEST_F(entitlement_test, a_403_on_create_is_explained_by_looking_again) {
  auto asker = open({user(1)});
  connected("1");
  found("");
  feature(true);
  http.answer(create_path, 403, R"({"code":403,"message":"the pod's words"})");
  connected("1");
  found("");
  feature(false);
  EXPECT_EQ(asker.error(), errc::not_entitled);
  EXPECT_EQ(asker.why().status, 403);
  EXPECT_NE(asker.why().detail.find("Admin Portal"), std::string::npos);
  EXPECT_NE(asker.why().detail.find("the pod's words"), std::string::npos);
}

TEST_F(entitlement_test, a_403_that_nothing_explains_keeps_the_pods_words) {
  auto asker = open({user(1)});
  connected("1");
  found("1");
  http.answer(create_path, 403, R"({"code":403,"message":"the pod's words"})");
  connected("1");
  http.answer(features_path, 403, "");
  EXPECT_EQ(asker.error(), errc::not_entitled);
  EXPECT_NE(asker.why().detail.find("the pod's words"), std::string::npos);
  EXPECT_NE(asker.why().detail.find("may not be read"), std::string::npos);
}

TEST_F(entitlement_test, a_403_whose_cause_cannot_be_looked_up_says_what_could_not) {
  auto asker = open({user(1)});
  connected("1");
  found("1");
  http.answer(create_path, 403, "");
  http.answer(connections_path, 400, R"({"message":"odd status"})");
  EXPECT_EQ(asker.error(), errc::not_entitled);
  EXPECT_NE(asker.why().detail.find("odd status"), std::string::npos) << asker.why().detail;
}

} // namespace
