#include <tests/support/pod_fixture.hpp>

#include <base/crypto/jwt.hpp>
#include <transport/pool.hpp>
#include <wire/endpoints.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

/// Speaks to the emulator as any client would.
class server_test : public ::testing::Test, public transport::listener {
public:
  server_test() {
    std::array<host_config, service_count> hosts;
    hosts.fill({"http", "127.0.0.1", pod.serving.port(), ""});
    client = transport::make_pool(io, hosts, {});
    client->listen(this);
  }

  void completed(transport::exchange_id, transport::outcome how) override { came = std::move(how); }

  http_response call(const http_request& request, const std::string& token = "") {
    auto outcome = outcome_of(request, token);
    EXPECT_TRUE(outcome);
    return outcome ? *outcome : http_response{};
  }

  result<http_response> outcome_of(const http_request& request, const std::string& token) {
    came.reset();
    auto headers = token.empty() ? "" : wire::session_header(session{token});
    client->send(1, {service::pod, request.method, request.target, headers, request.body});
    io.restart(); // It stops when the last connection is gone.
    while (!came)
      io.run_one();
    return came->answer;
  }

  std::string jwt(const std::string& subject, std::chrono::seconds shift = 0s) {
    auto key = crypto::signing_key::parse(bot_keys().private_pem, "key");
    return *key->sign_login(subject, std::chrono::system_clock::now() + shift);
  }

  std::string log_in() {
    return wire::read_login(wire::principal::bot, wire::login_by::key,
                            call(wire::login(wire::principal::bot, jwt("demo-bot"))),
                            std::chrono::system_clock::now())
        ->reveal();
  }

  static http_request post(std::string target, std::string body) {
    return {http_method::post, std::move(target), std::move(body), false};
  }

  pod_fixture pod;
  boost::asio::io_context io{1};
  std::unique_ptr<transport::client> client;
  std::optional<transport::outcome> came;
};

TEST_F(server_test, login_and_relay_verify_signature_subject_and_time) {
  for (const auto* path : {"/login/pubkey/authenticate", "/relay/pubkey/authenticate"}) {
    auto log_in_with = [&](const std::string& token) {
      return call(post(path, R"({"token":")" + token + R"("})")).status;
    };
    EXPECT_EQ(log_in_with(jwt("demo-bot")), 200);
    EXPECT_EQ(log_in_with(jwt("Demo-Bot")), 401) << "the subject is case-sensitive";
    EXPECT_EQ(log_in_with(jwt("ada")), 401) << "no key registered";
    EXPECT_EQ(log_in_with(jwt("demo-bot", -300s)), 401) << "expired";
    EXPECT_EQ(log_in_with(jwt("demo-bot", 120s)), 401) << "too far ahead";
    auto spoilt = jwt("demo-bot");
    spoilt[spoilt.size() - 10] = spoilt[spoilt.size() - 10] == 'A' ? 'B' : 'A';
    EXPECT_EQ(log_in_with(spoilt), 401) << "signature";
    EXPECT_EQ(call(post(path, "{}")).status, 401);
  }
}

TEST_F(server_test, R12_a_missing_or_unknown_session_is_a_401) {
  EXPECT_EQ(call(post("/pod/v1/im/create", "[1]")).status, 401);
  EXPECT_EQ(call(post("/pod/v1/im/create", "[1]"), "unknown").status, 401);
}

TEST_F(server_test, R10_R11_R13_the_body_is_an_array_of_integers_and_the_query_is_ignored) {
  auto token = log_in();
  auto ada = std::to_string(pod.ids.at("ada"));
  EXPECT_EQ(call(post("/pod/v1/im/create?uid=" + ada, ""), token).status, 400);
  for (const auto* body : {"{}", "7", "[\"1\"]", "[1.5]", "[", "[-1]", "[null]"})
    EXPECT_EQ(call(post("/pod/v1/im/create", body), token).status, 400) << body;
  EXPECT_EQ(call(post("/pod/v1/im/create?x=y", "[" + ada + "]"), token).status, 200);
}

TEST_F(server_test, R20_errors_have_code_and_message) {
  auto answer = call(post("/pod/v1/im/create", "[1]"));
  EXPECT_EQ(answer.body, R"({"code":401,"message":"Invalid session"})");
}

TEST_F(server_test, an_expired_session_is_refused) {
  auto token = log_in();
  EXPECT_EQ(call(wire::session_info(), token).status, 200);
  call(post("/emulator/sessions/expire", ""));
  EXPECT_EQ(call(wire::session_info(), token).status, 401);
}

TEST_F(server_test, users_are_found_by_id_email_and_name) {
  auto token = log_in();
  auto find = [&](const std::string& query) {
    auto answer = call({http_method::get, "/pod/v3/users?" + query, {}, true}, token);
    return answer.status == 204 ? 0 : static_cast<int>(wire::read_users(answer)->size());
  };
  EXPECT_EQ(find("uid=" + std::to_string(pod.ids.at("ada")) + ",4711"), 1);
  EXPECT_EQ(find("email=ada%40our.bank,ben%40our.bank"), 2);
  EXPECT_EQ(find("username=xenia&local=true"), 0);
  EXPECT_EQ(find("username=xenia"), 1);
  EXPECT_EQ(call({http_method::get, "/pod/v3/users?uid=1&email=x", {}, true}, token).status, 400);
}

TEST_F(server_test, truths_are_read_in_any_case_and_nothing_else) {
  auto token = log_in();
  auto find = [&](const std::string& query) {
    return call({http_method::get, "/pod/v3/users?username=ada&" + query, {}, true}, token);
  };
  for (const auto* each : {"local=true", "local=True", "local=FALSE", "active=True"})
    EXPECT_EQ(find(each).status, 200) << each;
  EXPECT_EQ(find("active=False").status, 204);
  for (const auto* each : {"local=1", "local=", "active=yes"})
    EXPECT_EQ(find(each).status, 400) << each;
}

TEST_F(server_test, a_user_without_an_address_shows_none) {
  auto token = log_in();
  auto body =
      call({http_method::get, "/pod/v3/users?username=demo-bot&local=true", {}, true}, token).body;
  EXPECT_NE(body.find("demo-bot"), std::string::npos);
  EXPECT_EQ(body.find("emailAddress"), std::string::npos);
}

TEST_F(server_test, members_that_are_null_are_absent) {
  auto token = log_in();
  auto made = call(post("/pod/v3/room/create", R"({"name":"Desk","description":null,"keywords":null,
                        "membersCanInvite":null,"public":false,"viewHistory":null})"),
                   token);
  EXPECT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(
      call(post("/pod/v3/room/search", R"({"query":"Desk","active":null,"member":null})"), token)
          .status,
      200);
  EXPECT_EQ(call(post("/pod/v3/room/create", R"({"name":null})"), token).status, 400);
}

TEST_F(server_test, names_of_rooms_are_counted_in_characters) {
  auto token = log_in();
  auto create = [&](int count) {
    std::string name;
    for (int i = 0; i < count; ++i)
      name += "\xC3\xA4";
    return call(post("/pod/v3/room/create", "{\"name\":\"" + name + "\"}"), token).status;
  };
  EXPECT_EQ(create(49), 200);
  EXPECT_EQ(create(50), 400);
}

TEST_F(server_test, a_logout_ends_a_session_and_without_one_is_refused) {
  auto token = log_in();
  EXPECT_EQ(call(post("/sessionauth/v1/logout", ""), token).status, 200);
  EXPECT_EQ(call(post("/pod/v1/im/create", "[1]"), token).status, 401);
  EXPECT_EQ(call(post("/sessionauth/v1/logout", ""), token).status, 400);
  EXPECT_EQ(call(post("/sessionauth/v1/logout", "")).status, 400);
  EXPECT_EQ(call(post("/keyauth/v1/logout", "")).status, 400);
}

TEST_F(server_test, a_connection_of_the_seed_was_asked_for_on_a_plausible_day) {
  auto token = log_in();
  auto body = call({http_method::get, "/pod/v1/connection/list?status=ALL", {}, true}, token).body;
  EXPECT_NE(body.find("\"firstRequestedAt\":17"), std::string::npos) << body;
}

TEST_F(server_test, features_are_read_and_changed_under_their_wire_name) {
  auto token = log_in();
  auto own = pod.id("demo-bot");
  EXPECT_EQ(*wire::read_feature(call(wire::features_of(own), token), "isExternalIMEnabled"), true);
  EXPECT_EQ(call(wire::update_feature(own, "isExternalIMEnabled", false), token).status, 200);
  EXPECT_EQ(*wire::read_feature(call(wire::features_of(own), token), "isExternalIMEnabled"), false);
  EXPECT_EQ(call(post("/pod/v1/admin/user/1/features/update", "{}"), token).status, 400);
}

TEST_F(server_test, connections_go_over_the_wire) {
  auto token = log_in();
  auto zoe = std::to_string(pod.ids.at("zoe"));
  EXPECT_EQ(*wire::read_connection(call(wire::connection_with(pod.id("zoe")), token)),
            connection_status::none);
  EXPECT_EQ(call(post("/pod/v1/connection/create", R"({"userId":)" + zoe + "}"), token).status,
            200);
  EXPECT_EQ(*wire::read_connection(call(wire::connection_with(pod.id("zoe")), token)),
            connection_status::pending_outgoing);
  const std::vector<user_id> both{pod.id("ada"), pod.id("xenia")};
  EXPECT_EQ(wire::read_connections(call(wire::accepted_connections(both), token))->size(), 2U);
  EXPECT_EQ(call(post("/pod/v1/connection/accept", "{}"), token).status, 400);
}

TEST_F(server_test, ids_that_are_none_and_states_nobody_has_are_refused) {
  auto token = log_in();
  auto ada = std::to_string(pod.ids.at("ada"));
  auto status = [&](const std::string& target) {
    return call({http_method::get, target, {}, true}, token).status;
  };
  EXPECT_EQ(status("/pod/v3/users?uid=" + ada + ".5"), 204);
  EXPECT_EQ(status("/pod/v1/connection/user/" + ada + "abc/info"), 404);
  EXPECT_EQ(status("/pod/v1/connection/list?status=BOGUS"), 400);
}

TEST_F(server_test, what_it_has_seen_is_counted_by_route_without_its_own) {
  call(wire::session_info());
  call(wire::features_of(pod.id("ada")));
  auto answer = call({http_method::get, "/emulator/requests", {}, true});
  EXPECT_NE(answer.body.find(R"("total":2)"), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find(R"("GET /pod/v1/admin/user/{uid}/features":1)"), std::string::npos);
  call(post("/emulator/requests/clear", ""));
  EXPECT_TRUE(pod.serving.requests().empty());
}

TEST_F(server_test, unknown_operations_and_methods_are_told) {
  EXPECT_EQ(call({http_method::get, "/nowhere", {}, true}).status, 404);
  EXPECT_EQ(call({http_method::get, "/pod/v1/im/create", {}, true}).status, 405);
  EXPECT_EQ(call({http_method::get, "/emulator/nowhere", {}, true}).status, 404);
  EXPECT_EQ(call(post("/emulator/service-times", "[]")).status, 400);
}

// -- faults -------------------------------------------------------------------------

TEST_F(server_test, a_fault_answers_in_the_pod_s_place_as_often_as_it_counts) {
  pod.serving.set_faults(R"([{"path": "/pod/v2/sessioninfo", "status": 503, "count": 1,
                              "retryAfter": 7, "body": "<p>", "contentType": "text/html"}])");
  auto token = log_in();
  auto answer = call(wire::session_info(), token);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.retry_after, 7U);
  EXPECT_EQ(answer.body, "<p>");
  EXPECT_EQ(answer.content_type, "text/html");
  EXPECT_EQ(call(wire::session_info(), token).status, 200);
}

TEST_F(server_test, a_fault_without_a_status_spoils_the_answer_after_the_pod_has_acted) {
  auto token = log_in();
  pod.serving.set_faults(R"([{"path": "/pod/v1/im/create", "body": "{}"}])");
  auto set = participant_set::of(std::vector{pod.id("ada")});
  EXPECT_EQ(call(wire::create_im(im_form::inclusive, set), token).body, "{}");
  pod.serving.with_pod(
      [](emulator::pod& state) { EXPECT_EQ(state.conversations.all().size(), 1U); });
}

class fault_test : public server_test {
public:
  /// What comes of asking for the session's owner while that fault is in force.
  result<http_response> meet(const std::string& fault) {
    pod.serving.set_faults("[]");
    auto token = log_in();
    pod.serving.set_faults("[" + fault + "]");
    return outcome_of(wire::session_info(), token);
  }

  int seen() { return pod.serving.request_counts()["GET /pod/v2/sessioninfo"]; }
};

TEST_F(fault_test, connections_are_reset_before_and_during_an_answer) {
  auto before = meet(R"({"reset": "before"})");
  EXPECT_EQ(before.error().error, errc::unreachable);
  EXPECT_EQ(seen(), 1);
  auto during = meet(R"({"path": "/pod/v2/sessioninfo", "reset": "during"})");
  EXPECT_EQ(during.error().error, errc::protocol_error);
}

TEST_F(fault_test, a_connection_reset_after_its_answer_has_answered) {
  EXPECT_EQ(meet(R"({"path": "/pod/v2/sessioninfo", "reset": "after"})")->status, 200);
}

TEST_F(fault_test, answers_are_encoded) {
  auto came = meet(R"({"path": "/pod/v2/sessioninfo", "gzip": true})");
  ASSERT_TRUE(came);
  EXPECT_NE(came->body.find("demo-bot"), std::string::npos) << came->body;
}

TEST_F(fault_test, answers_are_cut_and_malformed) {
  for (const auto* fault : {R"({"path": "/pod/v2/sessioninfo", "cut": true})",
                            R"({"path": "/pod/v2/sessioninfo", "malformed": true})"}) {
    auto came = meet(fault);
    ASSERT_FALSE(came) << fault;
    EXPECT_EQ(came.error().error, errc::protocol_error) << fault;
    pod.serving.set_faults("[]");
  }
}

TEST_F(fault_test, answers_come_in_chunks_byte_by_byte_and_late) {
  for (const auto* fault : {R"({"path": "/pod/v2/sessioninfo", "chunked": true})",
                            R"({"path": "/pod/v2/sessioninfo", "drip": 1, "body": "{\"id\":1}"})",
                            R"({"path": "/pod/v2/sessioninfo", "delay": 5})",
                            R"({"path": "/pod/v2/sessioninfo", "close": true})"}) {
    auto came = meet(fault);
    ASSERT_TRUE(came) << fault;
    EXPECT_TRUE(wire::read_session_info(*came)) << fault;
    pod.serving.set_faults("[]");
  }
}

TEST_F(fault_test, the_pod_may_act_and_say_otherwise) {
  auto token = log_in();
  auto create =
      wire::create_im(im_form::inclusive, participant_set::of(std::vector{pod.id("ada")}));
  auto count = [&] {
    std::size_t open = 0;
    pod.serving.with_pod([&](emulator::pod& one) { open = one.conversations.all().size(); });
    return open;
  };
  pod.serving.set_faults(R"([{"status": 503, "count": 1}, {"status": 503, "acts": true}])");
  EXPECT_EQ(call(create, token).status, 503);
  EXPECT_EQ(count(), 0U);
  EXPECT_EQ(call(create, token).status, 503);
  EXPECT_EQ(count(), 1U);
}

TEST_F(fault_test, sessions_end_when_a_request_comes) {
  EXPECT_EQ(meet(R"({"expireSessions": true, "count": 1})")->status, 401);
}

TEST_F(fault_test, chance_comes_from_a_seed) {
  auto hits = [&](const std::string& seed) {
    std::string pattern;
    auto token = log_in();
    pod.serving.set_faults(R"([{"path": "/pod/v2/sessioninfo", "status": 503, "probability": 0.5,
                                "seed": )" +
                           seed + "}]");
    for (int i = 0; i < 32; ++i)
      pattern += call(wire::session_info(), token).status == 503 ? '1' : '0';
    pod.serving.set_faults("[]");
    return pattern;
  };
  auto first = hits("7");
  EXPECT_EQ(hits("7"), first);
  EXPECT_NE(hits("8"), first);
  EXPECT_NE(first.find('0'), first.npos);
  EXPECT_NE(first.find('1'), first.npos);
}

TEST(seed, faults_stand_in_the_seed) {
  auto read = emulator::parse_seed(
      "faults:\n  - {path: /x, status: 503, body: \"503\", close: true}\n", "seed.yaml");
  EXPECT_EQ(read.faults, R"([{"path":"/x","status":503,"body":"503","close":true}])");
  EXPECT_THROW(emulator::parse_seed("faults:\n  - {statsu: 503}\n", "seed.yaml"),
               std::runtime_error);
}

TEST_F(server_test, faults_and_clocks_that_are_none_are_refused) {
  for (const auto* path : {"/emulator/faults", "/emulator/clock"})
    for (const auto* body : {"", "{}", "[{\"pth\": 1}]", "[1]"})
      EXPECT_EQ(call(post(path, body)).status, 400) << path << " " << body;
  EXPECT_EQ(call(post("/emulator/faults", R"([{"status": 204, "body": "x"}])")).status, 400);
  EXPECT_EQ(call(post("/emulator/faults", R"([{"status": 204}])")).status, 200);
}

TEST_F(server_test, a_clock_put_ahead_tells_its_own_time_and_finds_logins_late) {
  EXPECT_EQ(call(post("/emulator/clock", R"({"aheadSeconds": 600})")).status, 200);
  auto refused = call(wire::login(wire::principal::bot, jwt("demo-bot")));
  EXPECT_EQ(refused.status, 401);
  auto ahead = wire::seconds_ahead(refused.date, std::chrono::system_clock::now());
  EXPECT_NEAR(static_cast<double>(ahead.value()), 600, 30);
}

} // namespace
