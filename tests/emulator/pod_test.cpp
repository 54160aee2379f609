#include <base/crypto/jwt.hpp>
#include <emulator/crypto/jwt.hpp>
#include <emulator/seed.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti::emulator;

const char* desk_seed = R"(
pods:
  - {id: 130, name: Ours, linkedWith: [197]}
  - {id: 197, name: Theirs, linkedWith: [130]}
  - {id: 232, name: Strangers}
users:
  - {pod: 130, username: bot, serviceAccount: true, roles: [INDIVIDUAL, USER_PROVISIONING], features: {isExternalIMEnabled: true}}
  - {pod: 130, username: ada, email: ada@ours}
  - {pod: 130, username: gone, active: false}
  - {pod: 197, username: xenia, features: {isExternalIMEnabled: true}}
  - {pod: 197, username: zoe, features: {isExternalIMEnabled: true}}
  - {pod: 197, username: shy}
  - {pod: 232, username: stranger, features: {isExternalIMEnabled: true}}
connections:
  - {from: bot, to: xenia}
  - {from: bot, to: shy}
  - {from: zoe, to: ada, status: pending}
)";

const time_point now{std::chrono::seconds{1'800'000'000}};

class pod_test : public ::testing::Test {
public:
  const user& who(const std::string& name) const { return *state.users.find(name); }
  uid id(const std::string& name) const { return who(name).id; }

  std::string opened(const answer<std::string>& done) const {
    return std::holds_alternative<std::string>(done) ? std::get<std::string>(done) : "";
  }
  template <class T>
  static int status(const answer<T>& done) {
    const auto* why = std::get_if<refusal>(&done);
    return why ? why->status : 200;
  }

  std::shared_ptr<pod> made = make_pod(parse_seed(desk_seed, "desk"));
  pod& state = *made;
};

// -- Create IM, by the statements of its page ------------------------------------------

TEST_F(pod_test, R6_an_empty_list_is_an_error) {
  EXPECT_EQ(status(state.conversations.create(who("bot"), {}, now)), 400);
}

TEST_F(pod_test, R7_R8_R9_the_set_decides_not_the_spelling) {
  auto bot = id("bot");
  auto ada = id("ada");
  auto first = opened(state.conversations.create(who("bot"), {ada}, now));
  ASSERT_FALSE(first.empty());
  for (const auto& spelling :
       std::vector<std::vector<uid>>{{ada, ada}, {bot, ada}, {ada, bot, ada}})
    EXPECT_EQ(opened(state.conversations.create(who("bot"), spelling, now)), first);
  EXPECT_EQ(opened(state.conversations.create(who("ada"), {bot}, now)), first);
  EXPECT_EQ(state.conversations.all().size(), 1U);
}

TEST_F(pod_test, the_caller_alone_is_no_conversation) {
  EXPECT_EQ(status(state.conversations.create(who("bot"), {id("bot")}, now)), 400);
}

TEST_F(pod_test, R3_several_others_make_a_mim_unless_refused) {
  EXPECT_EQ(status(state.conversations.create(who("bot"), {id("ada"), id("xenia")}, now)), 200);
  auto strict =
      make_pod(parse_seed(std::string{desk_seed} + "options: {refuseMultiParty: true}", "desk"));
  EXPECT_EQ(status(strict->conversations.create(*strict->users.find("bot"),
                                                {id("ada"), id("xenia")}, now)),
            400);
}

TEST_F(pod_test, unknown_and_inactive_participants_are_refused) {
  EXPECT_EQ(status(state.conversations.create(who("bot"), {4711}, now)), 400);
  EXPECT_EQ(status(state.conversations.create(who("bot"), {id("gone")}, now)), 400);
}

TEST_F(pod_test, R25_the_admin_form_means_those_listed_and_needs_the_role) {
  EXPECT_EQ(
      status(state.conversations.create_without_caller(who("ada"), {id("bot"), id("ada")}, now)),
      403);
  EXPECT_EQ(
      status(state.conversations.create_without_caller(who("bot"), {id("ada"), id("ada")}, now)),
      400);
  auto with_caller =
      opened(state.conversations.create_without_caller(who("bot"), {id("bot"), id("ada")}, now));
  EXPECT_EQ(opened(state.conversations.create(who("bot"), {id("ada")}, now)), with_caller);
}

TEST_F(pod_test, R27_external_users_need_the_caller_s_entitlement) {
  EXPECT_EQ(status(state.conversations.create(who("bot"), {id("xenia")}, now)), 200);
  state.users.update_features(who("bot"), id("bot"), {{"isExternalIMEnabled", false}});
  EXPECT_EQ(status(state.conversations.create(who("bot"), {id("xenia")}, now)), 403);
  EXPECT_EQ(status(state.conversations.create(who("bot"), {id("ada")}, now)), 200);
}

TEST_F(pod_test, the_other_side_needs_it_too_unless_the_pod_does_not_mind) {
  EXPECT_EQ(status(state.conversations.create(who("bot"), {id("shy")}, now)), 403);
  auto lenient = make_pod(
      parse_seed(std::string{desk_seed} + "options: {calleeNeedsExternalIM: false}", "desk"));
  EXPECT_EQ(status(lenient->conversations.create(*lenient->users.find("bot"), {id("shy")}, now)),
            200);
}

TEST_F(pod_test, R29_external_users_have_to_be_connected) {
  EXPECT_EQ(status(state.conversations.create(who("bot"), {id("zoe")}, now)), 403);
}

TEST_F(pod_test, users_of_pods_that_are_not_linked_cannot_meet) {
  state.connections.set(id("bot"), id("stranger"), connection::state::accepted);
  EXPECT_EQ(status(state.conversations.create(who("bot"), {id("stranger")}, now)), 403);
}

TEST_F(pod_test, a_stream_id_is_25_bytes_that_end_in_t) {
  EXPECT_EQ(opened(state.conversations.create(who("bot"), {id("ada")}, now)).size(), 34U);
  EXPECT_TRUE(opened(state.conversations.create(who("bot"), {id("ada")}, now)).ends_with("dA"));
}

// -- users -------------------------------------------------------------------------------

TEST_F(pod_test, local_shows_the_own_pod_only) {
  EXPECT_EQ(state.users.visible(who("bot"), {id("ada"), id("xenia"), 4711}, true).size(), 1U);
  EXPECT_EQ(state.users.visible(who("bot"), {id("ada"), id("xenia"), 4711}, false).size(), 2U);
}

TEST_F(pod_test, without_an_external_entitlement_nobody_external_is_visible) {
  EXPECT_TRUE(state.users.visible(who("ada"), {id("xenia")}, false).empty());
  EXPECT_TRUE(state.users.visible(who("bot"), {id("shy"), id("stranger")}, false).empty());
}

TEST_F(pod_test, features_are_for_user_provisioning_on_the_own_pod) {
  EXPECT_EQ(status(state.users.features_of(who("ada"), id("ada"))), 403);
  EXPECT_EQ(status(state.users.features_of(who("bot"), id("ada"))), 200);
  EXPECT_EQ(status(state.users.features_of(who("bot"), id("xenia"))), 400);
}

// -- connections -----------------------------------------------------------------------------

TEST_F(pod_test, a_connection_goes_from_request_to_acceptance_seen_from_both_sides) {
  auto view = [&](const char* from, const char* to) {
    return std::get<connection_view>(state.connections.with(who(from), id(to))).status;
  };
  EXPECT_EQ(status(state.connections.with(who("bot"), id("zoe"))), 404);
  EXPECT_EQ(status(state.connections.request(who("bot"), id("zoe"), now)), 200);
  EXPECT_EQ(view("bot", "zoe"), "PENDING_OUTGOING");
  EXPECT_EQ(view("zoe", "bot"), "PENDING_INCOMING");
  EXPECT_EQ(status(state.connections.accept(who("bot"), id("zoe"), now)), 404);
  EXPECT_EQ(status(state.connections.accept(who("zoe"), id("bot"), now)), 200);
  EXPECT_EQ(view("bot", "zoe"), "ACCEPTED");
  EXPECT_EQ(status(state.connections.remove(who("bot"), id("zoe"), now)), 200);
  EXPECT_EQ(status(state.connections.with(who("bot"), id("zoe"))), 404);
}

TEST_F(pod_test, a_rejected_request_may_be_made_again) {
  state.connections.request(who("bot"), id("zoe"), now);
  EXPECT_EQ(status(state.connections.reject(who("zoe"), id("bot"), now)), 200);
  EXPECT_EQ(std::get<connection_view>(state.connections.with(who("bot"), id("zoe"))).status,
            "REJECTED");
  auto again = state.connections.request(who("bot"), id("zoe"), now);
  EXPECT_EQ(std::get<connection_view>(again).status, "PENDING_OUTGOING");
  EXPECT_EQ(std::get<connection_view>(again).details->counter, 2);
}

TEST_F(pod_test, users_of_one_pod_are_always_connected) {
  EXPECT_EQ(std::get<connection_view>(state.connections.with(who("bot"), id("ada"))).status,
            "ACCEPTED");
  EXPECT_EQ(status(state.connections.reject(who("bot"), id("ada"), now)), 400);
  EXPECT_EQ(status(state.connections.remove(who("bot"), id("ada"), now)), 400);
}

TEST_F(pod_test, lists_show_what_is_asked_for) {
  auto count = [&](const char* name, const std::string& status, std::vector<uid> ids) {
    return state.connections.list(who(name), status, ids).size();
  };
  EXPECT_EQ(count("bot", "ACCEPTED", {}), 2U);
  EXPECT_EQ(count("bot", "ACCEPTED", {id("ada"), id("xenia"), id("zoe")}), 2U);
  EXPECT_EQ(count("bot", "ALL", {}), 2U);
  EXPECT_EQ(count("ada", "", {}), 1U);
  EXPECT_EQ(count("ada", "PENDING_OUTGOING", {}), 0U);
}

// -- login -----------------------------------------------------------------------------------

TEST_F(pod_test, every_flaw_of_a_login_is_a_401) {
  for (const auto* token : {"", "x", "a.b.c", "e30.e30.e30"})
    EXPECT_EQ(status(state.sessions.log_in(token, now)), 401) << token;
}

class pod_login_test : public pod_test {
public:
  pod_login_test() { state.users.set_public_key(id("bot"), keys.public_pem); }

  std::string jwt() {
    return *tutti::crypto::signing_key::parse(keys.private_pem, "key")->sign_login("bot", now);
  }

  static const key_pair keys;
};

const key_pair pod_login_test::keys = make_key_pair();

TEST_F(pod_login_test, a_session_ends_with_its_time) {
  auto token = opened(state.sessions.log_in(jwt(), now));
  EXPECT_EQ(state.sessions.user_of(token, now), &who("bot"));
  EXPECT_EQ(state.sessions.user_of(token, now + std::chrono::seconds{3599}), &who("bot"));
  EXPECT_EQ(state.sessions.user_of(token, now + std::chrono::seconds{3600}), nullptr);
}

TEST_F(pod_login_test, a_session_ends_when_an_administrator_ends_it) {
  auto token = opened(state.sessions.log_in(jwt(), now));
  state.sessions.expire_all();
  EXPECT_EQ(state.sessions.user_of(token, now), nullptr);
}

TEST_F(pod_login_test, a_key_manager_s_token_is_no_session) {
  auto token = opened(state.sessions.log_in_to_key_manager(jwt(), now));
  EXPECT_FALSE(token.empty());
  EXPECT_EQ(state.sessions.user_of(token, now), nullptr);
}

TEST_F(pod_test, a_removed_request_is_declined_and_comes_back_to_its_recipient_only) {
  state.connections.request(who("bot"), id("zoe"), now);
  EXPECT_EQ(status(state.connections.remove(who("bot"), id("zoe"), now)), 400);
  EXPECT_EQ(status(state.connections.remove(who("zoe"), id("bot"), now)), 200);
  auto seen_by = [&](const char* from, const char* to) {
    return std::get<connection_view>(state.connections.with(who(from), id(to))).status;
  };
  EXPECT_EQ(seen_by("zoe", "bot"), "REJECTED");
  EXPECT_EQ(status(state.connections.remove(who("bot"), id("zoe"), now)), 400);
  EXPECT_EQ(status(state.connections.remove(who("zoe"), id("bot"), now)), 200);
  EXPECT_EQ(seen_by("zoe", "bot"), "PENDING_INCOMING");
}

TEST(seed, complaints_name_file_and_line) {
  auto complaint = [](const std::string& yaml) {
    try {
      make_pod(parse_seed(yaml, "seed.yaml"));
    } catch (const std::exception& error) {
      return std::string{error.what()};
    }
    return std::string{"no complaint"};
  };
  EXPECT_EQ(complaint("users:\n  - {usernam: x}\n"), "seed.yaml:2: unknown key 'usernam'");
  EXPECT_EQ(complaint("pods:\n  - {name: x}\n").substr(0, 10), "seed.yaml:");
  EXPECT_NE(complaint("connections: [{from: a, to: b}]").find("no user"), std::string::npos);
  EXPECT_NE(complaint("pods: [").find("seed.yaml:"), std::string::npos);
}

} // namespace
