// Who shares a flight, what is known, and what is refused.
#include <tests/support/im_fixture.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class im_many_test : public im_test {
public:
  im_many_test() { settings.im.multi = multi_party::allow; }
};

// -- the happy way -----------------------------------------------------------------

TEST_F(im_test, one_asker_gets_the_stream_the_pod_names) {
  auto asker = open({user(1)});
  EXPECT_EQ(http.waiting(create_path).request.body, "[1]");
  created("stream+A==");
  ASSERT_TRUE(asker.ok());
  EXPECT_EQ(asker->stream.text(), "stream-A");
  EXPECT_EQ(asker->origin, im_origin::pod);
}

TEST_F(im_test, two_askers_of_one_set_cause_one_call) {
  auto first = open({user(1)});
  auto second = open({user(1)});
  EXPECT_EQ(http.count(create_path), 1);
  created("A");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->stream, second->stream);
  EXPECT_EQ(first->origin, im_origin::pod);
  EXPECT_EQ(second->origin, im_origin::joined);
}

TEST_F(im_test, every_spelling_of_a_set_shares_the_flight) {
  std::vector<asked<im_created>> askers;
  for (const auto& spelling : std::vector<std::vector<user_id>>{
           {user(1)}, {user(1), user(1)}, {own_id, user(1)}, {user(1), own_id}})
    askers.push_back(open(spelling));
  EXPECT_EQ(http.count(create_path), 1);
  created("A");
  for (const auto& each : askers)
    EXPECT_TRUE(each.ok());
}

TEST_F(im_test, different_sets_fly_apart) {
  auto first = open({user(1)});
  auto second = open({user(2)});
  EXPECT_EQ(http.count(create_path), 2);
  created("A");
  created("B");
  EXPECT_EQ(first->stream.text(), "A");
  EXPECT_EQ(second->stream.text(), "B");
}

TEST_F(im_test, a_known_im_is_answered_without_a_call) {
  open({user(1)});
  created("A");
  auto again = open({user(1), own_id});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->origin, im_origin::directory);
  EXPECT_EQ(again->stream.text(), "A");
  EXPECT_EQ(http.count(create_path), 1);
}

TEST_F(im_test, a_forgotten_im_is_asked_for_again) {
  open({user(1)});
  created("A");
  caf::anon_send(handles.im, forget_im{{}, {user(1), user(1)}});
  auto again = open({user(1)});
  EXPECT_FALSE(again.settled());
  EXPECT_EQ(http.count(create_path), 2);
}

TEST_F(im_test, an_im_of_the_directory_s_file_is_forgotten_before_the_first_request) {
  known->caller_is(own_id);
  auto users =
      participant_set::make(im_form::inclusive, std::vector{user(1)}, own_id, multi_party::refuse);
  known->restore(im_key{{}, im_form::inclusive, *users}, *stream_id::make("A"),
                 directory::time_point::max());
  caf::anon_send(handles.im, forget_im{{}, {user(1)}});
  EXPECT_FALSE(open({user(1)}).settled());
  EXPECT_EQ(http.count(create_path), 1);
}

TEST_F(im_test, a_known_im_is_asked_for_again_after_its_time) {
  open({user(1)});
  created("A");
  sys.advance(std::chrono::duration_cast<std::chrono::milliseconds>(25h));
  open({user(1)});
  EXPECT_EQ(http.count(create_path), 2);
}

TEST_F(im_test, the_caller_is_asked_for_its_id_once_however_many_come) {
  std::vector<asked<im_created>> askers;
  for (int i = 1; i <= 3; ++i)
    askers.push_back(sys.ask<im_created>(handles.im, create_im{.participants = {user(i)}}));
  sys.run();
  EXPECT_EQ(*whoami_count, 1);
  EXPECT_EQ(http.count(create_path), 3);
}

// -- who may share -------------------------------------------------------------------

TEST_F(im_test, a_bot_and_a_user_it_acts_for_never_share_a_flight_or_an_answer) {
  auto as_user = create_im{.as = identity::on_behalf_of(user(42))};
  auto bot = open({user(1)});
  auto obo = open({user(1)}, as_user);
  ASSERT_EQ(http.count(create_path), 2);
  EXPECT_TRUE(http.seen().calls[0].call.as.is_bot());
  EXPECT_EQ(http.seen().calls[1].call.as.user(), user(42));
  created("A");
  EXPECT_TRUE(bot.ok());
  EXPECT_FALSE(obo.settled());
  created("B");
  EXPECT_EQ(obo->stream.text(), "B");
  EXPECT_EQ(open({user(1)}, as_user)->stream.text(), "B");
  EXPECT_EQ(open({user(1)})->stream.text(), "A");
}

TEST_F(im_test, the_admin_form_has_a_call_and_a_key_of_its_own) {
  auto admin = create_im{.form = im_form::admin};
  open({own_id, user(1)});
  auto other = open({own_id, user(1)}, admin);
  EXPECT_EQ(http.count(create_path), 1);
  EXPECT_EQ(http.waiting("/pod/v1/admin/im/create").request.body, "[1,7]");
  http.answer("/pod/v1/admin/im/create", 200, R"({"id":"B"})");
  EXPECT_EQ(other->stream.text(), "B");
}

TEST_F(im_many_test, the_forms_never_share_even_with_the_same_users) {
  auto inclusive = open({user(1), user(2)});
  auto admin = open({user(1), user(2)}, {.form = im_form::admin});
  EXPECT_EQ(http.count(create_path), 1);
  EXPECT_EQ(http.count("/pod/v1/admin/im/create"), 1);
  created("A");
  EXPECT_FALSE(admin.settled());
}

// -- refusals before any call -----------------------------------------------------------

TEST_F(im_test, sets_that_form_no_im_are_refused_before_any_call) {
  EXPECT_EQ(open({}).error(), errc::invalid_participants);
  EXPECT_EQ(open({own_id}).error(), errc::invalid_participants);
  EXPECT_EQ(open({user(1), user(2)}).error(), errc::multi_party_unsupported);
  EXPECT_EQ(open({user(1)}, {.form = im_form::admin}).error(), errc::invalid_participants);
  EXPECT_TRUE(http.seen().calls.empty());
}

// -- failures ---------------------------------------------------------------------------

TEST_F(im_test, a_failure_reaches_all_who_wait_and_is_not_kept) {
  auto first = open({user(1)});
  auto second = open({user(1)});
  http.answer(create_path, 400, R"({"code":400,"message":"no such user"})");
  EXPECT_EQ(first.error(), errc::rejected);
  EXPECT_EQ(second.error(), errc::rejected);
  EXPECT_NE(first.why().detail.find("no such user"), std::string::npos);
  EXPECT_EQ(first.why().status, 400);
  auto third = open({user(1)});
  EXPECT_FALSE(third.settled());
  EXPECT_EQ(http.count(create_path), 2);
  created("A");
  EXPECT_TRUE(third.ok());
}

TEST_F(im_test, answers_that_are_not_the_documented_ones_are_protocol_errors) {
  for (const auto* body : {"", "<html>", "[]", "{}", R"({"id":""})", R"({"id":7})",
                           R"({"id":null})", R"({"id":"A")"}) {
    auto asker = open({user(1)});
    http.answer(create_path, 200, body);
    EXPECT_EQ(asker.error(), errc::protocol_error) << body;
  }
}

TEST_F(im_test, statuses_have_their_errc) {
  const std::pair<int, errc> expected[] = {{400, errc::rejected},
                                           {404, errc::rejected},
                                           {429, errc::rate_limited},
                                           {500, errc::unreachable}};
  for (auto [status, error] : expected) {
    auto asker = open({user(1)});
    http.answer(create_path, status, R"({"code":1,"message":"words"})");
    EXPECT_EQ(asker.error(), error) << status;
    EXPECT_EQ(asker.why().status, status);
  }
}

TEST_F(im_test, failures_of_http_are_passed_on) {
  for (auto error : {errc::unauthorized, errc::login_refused, errc::overloaded, errc::unreachable,
                     errc::tls_failed, errc::deadline_exceeded}) {
    auto asker = open({user(1)});
    http.fail(create_path, error);
    EXPECT_EQ(asker.error(), error);
  }
}

TEST_F(im_test, an_admin_403_names_the_role) {
  auto asker = open({user(1), user(2)}, {.form = im_form::admin});
  http.answer("/pod/v1/admin/im/create", 403, R"({"code":403,"message":"lacks"})");
  EXPECT_EQ(asker.error(), errc::not_entitled);
  EXPECT_NE(asker.why().detail.find("User Provisioning"), std::string::npos);
}

// -- multi-party and directory settings -----------------------------------------------------

class im_settings_test : public core_fixture {};

TEST_F(im_settings_test, several_others_go_to_the_pod_when_allowed) {
  replacements = everybody_allowed();
  settings.im.multi = multi_party::allow;
  start();
  open({user(2), user(1), user(2)});
  EXPECT_EQ(http.waiting(create_path).request.body, "[1,2]");
}

TEST_F(im_settings_test, without_a_directory_each_request_flies) {
  replacements = everybody_allowed();
  settings.im.directory.capacity = 0;
  start();
  open({user(1)});
  created("A");
  open({user(1)});
  EXPECT_EQ(http.count(create_path), 2);
}

TEST_F(im_settings_test, askers_wait_for_their_caller_s_id_and_hear_when_it_cannot_be_had) {
  replacements = everybody_allowed();
  replacements.auth = [](const core_context& context) {
    return context.system.spawn([]() -> auth_actor::behavior_type {
      return {[](const whoami&) -> caf::result<caller_info> {
                return to_error({errc::login_refused, "wrong key", 401, {}});
              },
              [](const identify_user&) { return caller_info{}; }};
    });
  };
  start();
  auto asker = open({user(1)});
  EXPECT_EQ(asker.error(), errc::login_refused);
  EXPECT_EQ(asker.why().detail, "wrong key");
}

} // namespace
