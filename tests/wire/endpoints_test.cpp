#include <tests/support/samples.hpp>
#include <tests/support/users.hpp>

#include <wire/endpoints.hpp>

#include <gtest/gtest.h>

namespace {

/// 2026-11-23 10:00:00 UTC.
const auto then = std::chrono::system_clock::from_time_t(1'795'428'000);

using namespace tutti;
using namespace tutti::testing;

// -- requests -----------------------------------------------------------------------

TEST(wire, create_im_is_a_bare_array_of_integers) {
  auto request = wire::create_im(im_form::inclusive,
                                 participant_set::of(std::vector{user(7215545058313), user(1)}));
  EXPECT_EQ(request.method, http_method::post);
  EXPECT_EQ(request.target, "/pod/v1/im/create");
  EXPECT_EQ(request.body, "[1,7215545058313]");
  EXPECT_TRUE(request.repeat_safe);
  EXPECT_EQ(wire::create_im(im_form::admin, {}).target, "/pod/v1/admin/im/create");
}

TEST(wire, look_ups_name_their_users_in_the_query) {
  const std::vector<user_id> users{user(1), user(2)};
  EXPECT_EQ(wire::find_users(users, true).target, "/pod/v3/users?uid=1,2&local=true");
  EXPECT_EQ(wire::find_users(users, false).target, "/pod/v3/users?uid=1,2&local=false");
  EXPECT_EQ(wire::accepted_connections(users).target,
            "/pod/v1/connection/list?status=ACCEPTED&userIds=1,2");
  EXPECT_EQ(wire::connection_with(user(1)).target, "/pod/v1/connection/user/1/info");
  EXPECT_EQ(wire::features_of(user(1)).target, "/pod/v1/admin/user/1/features");
}

TEST(wire, a_feature_is_updated_under_its_misspelt_key) {
  auto request = wire::update_feature(user(1), "isExternalIMEnabled", false);
  EXPECT_EQ(request.target, "/pod/v1/admin/user/1/features/update");
  EXPECT_EQ(request.body, R"([{"entitlment":"isExternalIMEnabled","enabled":false}])");
}

TEST(wire, the_session_is_a_header_line) {
  EXPECT_EQ(wire::session_header(session{"T"}), "sessionToken: T\r\n");
}

TEST(wire, a_name_is_looked_up_among_active_users) {
  EXPECT_EQ(wire::find_named_users({"a@b"}, wire::user_key::email, false).target,
            "/pod/v3/users?email=a%40b&local=false&active=true");
}

// -- answers ---------------------------------------------------------------------------

TEST(wire, reads_the_stream_of_an_im_normalised) {
  EXPECT_EQ(wire::read_im(sample("im_created.json"))->text(), "xhGxbTcvTDK6EIMMrwdOrX-_quztr2HdA");
}

TEST(wire, an_answer_that_breaks_off_in_a_field_that_may_be_missing_is_refused) {
  auto broken = [](std::string body) { return response(200, std::move(body)); };
  // After the error the reader must not go on: simdjson's iterator is gone by then.
  EXPECT_EQ(wire::read_session_info(broken(R"({"id": 1, "x" "username": "a)")).error().error,
            errc::protocol_error);
  EXPECT_EQ(wire::read_named_users(broken(R"({"users":[{"id": 1, "x" "y": 2},{"id": 2}]})"),
                                   {"ada"}, wire::user_key::username)
                .error()
                .error,
            errc::protocol_error);
}

TEST(wire, a_name_cut_within_a_character_is_passed_over) {
  auto caller = wire::read_session_info(
      response(200, R"({"id": 7, "username": "demo-bot", "displayName": "Bot \ud83d"})"));
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->username, "demo-bot");
  EXPECT_EQ(caller->display_name, "");
  auto found = wire::read_named_users(
      response(200,
               R"({"users": [{"id": 1, "username": "\ud83d"}, {"id": 2, "username": "ada"}]})"),
      {"ada", "ben"}, wire::user_key::username);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at("ada"), std::vector{user(2)});
}

TEST(wire, reads_the_caller_and_tolerates_fields_of_tomorrow) {
  auto caller = wire::read_session_info(sample("session_info.json"));
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->id, user(8933531975681));
  EXPECT_EQ(caller->username, "demo-bot");
  EXPECT_EQ(caller->display_name, "Demo \"the bot\" über");
}

TEST(wire, reads_users_whatever_else_is_known_of_them) {
  EXPECT_EQ(*wire::read_users(sample("users.json")),
            (std::vector{user(8933531975682), user(8933531975683)}));
  EXPECT_TRUE(wire::read_users(response(204, ""))->empty());
}

std::chrono::system_clock::time_point at(std::int64_t ms) {
  return std::chrono::system_clock::time_point{std::chrono::milliseconds{ms}};
}

TEST(wire, reads_connections) {
  EXPECT_EQ(
      *wire::read_connections(sample("connections.json")),
      (std::vector<user_connection>{
          {user(7078106126503), connection_status::accepted, at(1471018076255), at(1471018142900)},
          {user(7078106126504), connection_status::pending_outgoing}}));
}

TEST(wire, reads_one_feature_of_many) {
  auto features = sample("features.json");
  EXPECT_EQ(*wire::read_feature(features, "isExternalIMEnabled"), true);
  EXPECT_EQ(*wire::read_feature(features, "canCreatePublicRoom"), false);
  EXPECT_EQ(*wire::read_feature(features, "unheardOf"), std::nullopt);
}

TEST(wire, reads_the_session_token) {
  EXPECT_EQ(wire::read_login(wire::principal::bot, wire::login_by::key, sample("token.json"), then)
                ->reveal(),
            "eyJhbGciOiJSUzUxMiJ9.payload.signature");
}

TEST(wire, a_token_that_is_no_header_value_is_refused) {
  EXPECT_EQ(wire::read_login(wire::principal::bot, wire::login_by::key,
                             response(200, R"({"token":""})"), then)
                .error()
                .error,
            errc::protocol_error);
  EXPECT_EQ(wire::read_login(wire::principal::bot, wire::login_by::key,
                             response(200, R"({"token":"a\r\nX: y"})"), then)
                .error()
                .error,
            errc::protocol_error);
}

TEST(wire, a_login_answer_is_never_quoted) {
  for (const auto* body : {R"({"sessionToken":"SECRET"})", R"({"token":"SECRET)", R"("SECRET")",
                           R"({"token":"SECRET\r\n"})"}) {
    auto why =
        wire::read_login(wire::principal::bot, wire::login_by::key, response(200, body), then)
            .error();
    EXPECT_EQ(why.error, errc::protocol_error);
    EXPECT_EQ(why.detail.find("SECRET"), std::string::npos) << why.detail;
  }
}

TEST(wire, ids_are_whole_numbers_of_64_bits) {
  EXPECT_EQ(wire::read_session_info(response(200, R"({"id":9007199254740993})"))->id.value(),
            9007199254740993);
  for (const auto* id : {"1.5", "0", "-1", "\"1\"", "1e3", "99999999999999999999", "null"})
    EXPECT_EQ(
        wire::read_session_info(response(200, std::string{R"({"id":)"} + id + "}")).error().error,
        errc::protocol_error)
        << id;
}

TEST(wire, a_manifest_is_json_within_json) {
  EXPECT_EQ(wire::own_manifest().target, "/pod/v1/user/manifest/own");
  const auto request = wire::set_own_manifest(R"({"commands":[]})");
  EXPECT_EQ(request.method, http_method::post);
  EXPECT_EQ(request.body, R"({"manifest":"{\"commands\":[]}"})");
  EXPECT_EQ(*wire::read_manifest(response(200, request.body)), R"({"commands":[]})");
  EXPECT_EQ(*wire::read_manifest(response(200, "{}")), "");
  EXPECT_TRUE(wire::read_manifest_set(response(200, R"({"message":"OK"})")));
  EXPECT_EQ(wire::read_manifest_set(response(403, "{}")).error().error, errc::not_entitled);
}

TEST(wire, every_reader_refuses_what_is_not_its_shape) {
  for (const auto* body :
       {"", "null", "7", "\"x\"", "{", "[", "<html></html>", "{\"id\":", "\xff\xfe"}) {
    auto answer = response(200, body);
    EXPECT_EQ(wire::read_im(answer).error().error, errc::protocol_error) << body;
    EXPECT_EQ(wire::read_session_info(answer).error().error, errc::protocol_error) << body;
    EXPECT_EQ(wire::read_users(answer).error().error, errc::protocol_error) << body;
    EXPECT_EQ(wire::read_connections(answer).error().error, errc::protocol_error) << body;
    EXPECT_EQ(wire::read_connection(answer).error().error, errc::protocol_error) << body;
    EXPECT_EQ(wire::read_feature(answer, "x").error().error, errc::protocol_error) << body;
    EXPECT_EQ(wire::read_manifest(answer).error().error, errc::protocol_error) << body;
    EXPECT_EQ(
        wire::read_login(wire::principal::bot, wire::login_by::key, answer, then).error().error,
        errc::protocol_error)
        << body;
  }
}

TEST(wire, a_body_without_spare_room_is_read_all_the_same) {
  auto answer = response(200, R"({"id":"A"})");
  answer.body.shrink_to_fit();
  EXPECT_EQ(wire::read_im(answer)->text(), "A");
  answer.body.reserve(1'000);
  EXPECT_EQ(wire::read_im(answer)->text(), "A");
}

// -- refusals -----------------------------------------------------------------------------

TEST(wire, statuses_mean_what_the_api_documents) {
  const std::pair<int, errc> expected[] = {
      {204, errc::protocol_error}, {302, errc::protocol_error}, {400, errc::rejected},
      {401, errc::unauthorized},   {403, errc::not_entitled},   {404, errc::rejected},
      {405, errc::rejected},       {429, errc::rate_limited},   {451, errc::rejected},
      {500, errc::unreachable},    {503, errc::unreachable}};
  for (auto [status, error] : expected) {
    auto why = wire::refusal("x", response(status, R"({"code":1,"message":"the pod's words"})"));
    EXPECT_EQ(why.error, error) << status;
    EXPECT_EQ(why.status, status);
    EXPECT_NE(why.detail.find("the pod's words"), std::string::npos);
  }
}

TEST(wire, why_a_call_was_not_repeated_stands_in_its_failure) {
  auto answer = response(503, "{}");
  answer.budget_spent = true;
  EXPECT_NE(wire::refusal("x", answer).detail.find("try again later; not tried again: a tenth"),
            std::string::npos);
}

TEST(wire, a_400_that_says_when_to_retry_is_a_rate_limit) {
  auto answer = response(400, "");
  answer.retry_after = 7;
  auto why = wire::refusal("x", answer);
  EXPECT_EQ(why.error, errc::rate_limited);
  EXPECT_NE(why.detail.find("7 s"), std::string::npos);
}

TEST(wire, a_body_that_is_no_error_object_is_quoted_capped_and_on_one_line) {
  auto words = wire::pod_message(response(502, "<html>\n" + std::string(1'000, 'x')));
  EXPECT_TRUE(words.starts_with("<html> xxx"));
  EXPECT_LT(words.size(), 250U);
}

TEST(wire, a_refused_login_says_what_to_check) {
  auto answer = response(401, R"({"code":401,"message":"no"})");
  answer.date = "Mon, 23 Nov 2026 10:00:20 GMT";
  answer.trace = "abc123";
  auto why = wire::read_login(wire::principal::bot, wire::login_by::key, answer, then).error();
  EXPECT_EQ(why.error, errc::login_refused);
  EXPECT_EQ(why.code, "");
  for (const auto* word : {"bot.username", "bot.privateKey", "trace abc123"})
    EXPECT_NE(why.detail.find(word), std::string::npos) << word;
}

TEST(wire, a_login_refused_with_clocks_apart_names_the_clock) {
  auto answer = response(401, R"({"code":401,"message":"no"})");
  for (auto [date, words] :
       {std::pair{"Mon, 23 Nov 2026 10:10:00 GMT", "600 s behind the pod's"},
        std::pair{"Mon, 23 Nov 2026 09:58:00 GMT", "120 s ahead of the pod's"}}) {
    answer.date = date;
    auto why = wire::read_login(wire::principal::bot, wire::login_by::key, answer, then).error();
    EXPECT_EQ(why.error, errc::login_refused);
    EXPECT_EQ(why.code, "clock_skew");
    EXPECT_NE(why.detail.find(words), std::string::npos) << why.detail;
  }
  // A minute and a half behind harms no login: the key is the likelier cause.
  for (const auto* date : {"yesterday", "Mon, 23 Nov 2026 10:01:30 GMT"}) {
    answer.date = date;
    auto why = wire::read_login(wire::principal::bot, wire::login_by::key, answer, then).error();
    EXPECT_EQ(why.code, "");
    EXPECT_NE(why.detail.find("bot.privateKey"), std::string::npos);
  }
}

} // namespace
