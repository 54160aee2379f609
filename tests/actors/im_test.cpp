#include <tests/support/core_fixture.hpp>

#include <actors/drain.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

class im_test : public core_fixture {
public:
  im_test() { replacements = everybody_allowed(); }

  void SetUp() override { start(); }
};

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

// -- leaving ------------------------------------------------------------------------------

TEST_F(im_test, a_waiter_whose_deadline_passes_harms_no_other) {
  auto hasty = open({user(1)}, {.timeout = 100ms});
  auto patient = open({user(1)}, {.timeout = 10s});
  sys.advance(99ms);
  EXPECT_FALSE(hasty.settled());
  sys.advance(10ms);
  EXPECT_EQ(hasty.error(), errc::deadline_exceeded);
  EXPECT_FALSE(patient.settled());
  EXPECT_TRUE(http.seen().cancelled.empty());
  created("A");
  EXPECT_TRUE(patient.ok());
  EXPECT_EQ(hasty.times(), 1);
}

TEST_F(im_test, the_call_ends_with_the_last_waiter) {
  auto first = open({user(1)}, {.timeout = 100ms});
  auto second = open({user(1)}, {.timeout = 200ms});
  sys.advance(150ms);
  EXPECT_TRUE(http.seen().cancelled.empty());
  sys.advance(100ms);
  ASSERT_EQ(http.seen().cancelled.size(), 1U);
  EXPECT_EQ(http.seen().cancelled[0], http.seen().calls[0].call.ticket);
  EXPECT_EQ(second.error(), errc::deadline_exceeded);
  auto third = open({user(1)});
  EXPECT_EQ(http.count(create_path), 2);
}

TEST_F(im_test, a_cancelled_request_leaves_alone) {
  auto ticket = call_ticket::next();
  auto leaver = open({user(1)}, {.ticket = ticket});
  auto stayer = open({user(1)});
  caf::anon_send(handles.im, cancel_im{ticket});
  sys.run();
  EXPECT_EQ(leaver.error(), errc::cancelled);
  EXPECT_FALSE(stayer.settled());
  created("A");
  EXPECT_TRUE(stayer.ok());
}

TEST_F(im_test, the_one_who_leaves_is_the_one_with_the_ticket) {
  auto ticket = call_ticket::next();
  auto first = open({user(1)});
  auto leaver = open({user(1)}, {.ticket = ticket});
  caf::anon_send(handles.im, cancel_im{ticket});
  sys.run();
  EXPECT_EQ(leaver.error(), errc::cancelled);
  EXPECT_FALSE(first.settled());
}

TEST_F(im_test, cancelling_the_only_request_ends_the_call) {
  auto ticket = call_ticket::next();
  auto leaver = open({user(1)}, {.ticket = ticket});
  caf::anon_send(handles.im, cancel_im{ticket});
  sys.run();
  EXPECT_EQ(leaver.error(), errc::cancelled);
  EXPECT_EQ(http.seen().cancelled.size(), 1U);
}

TEST_F(im_test, a_ticket_that_is_gone_does_no_harm) {
  auto ticket = call_ticket::next();
  auto asker = open({user(1)}, {.ticket = ticket});
  created("A");
  caf::anon_send(handles.im, cancel_im{ticket});
  caf::anon_send(handles.im, cancel_im{call_ticket::next()});
  sys.run();
  EXPECT_EQ(asker.times(), 1);
}

TEST_F(im_test, a_dead_asker_is_noticed_at_the_next_tick) {
  auto mortal = open({user(1)});
  sys.kill(mortal.asker);
  EXPECT_TRUE(http.seen().cancelled.empty());
  // Somebody else's deadline wakes the actor.
  open({user(2)}, {.timeout = 50ms});
  sys.advance(100ms);
  EXPECT_THAT(http.seen().cancelled, ::testing::Contains(http.seen().calls[0].call.ticket));
}

TEST_F(im_test, a_late_answer_for_nobody_is_dropped) {
  auto hasty = open({user(1)}, {.timeout = 50ms});
  sys.advance(100ms);
  created("A");
  EXPECT_EQ(hasty.times(), 1);
  EXPECT_EQ(known->size(), 0U);
}

TEST_F(im_test, the_configured_deadline_counts_when_a_request_brings_none) {
  auto asker = open({user(1)});
  sys.advance(settings.im.timeout - 1ms);
  EXPECT_FALSE(asker.settled());
  sys.advance(20ms);
  EXPECT_EQ(asker.error(), errc::deadline_exceeded);
}

TEST_F(im_test, a_deadline_that_has_passed_already_is_not_taken_for_none) {
  auto late = open({user(1)}, {.timeout = -5ms});
  auto patient = open({user(1)}, {.timeout = std::chrono::milliseconds::max()});
  sys.advance(10ms);
  EXPECT_EQ(late.error(), errc::deadline_exceeded);
  EXPECT_FALSE(patient.settled());
}

TEST_F(im_test, everybody_is_told_when_it_ends) {
  auto first = open({user(1)});
  auto second = open({user(2)});
  sys.kill(handles.im);
  EXPECT_EQ(first.error(), errc::shutting_down);
  EXPECT_EQ(second.error(), errc::shutting_down);
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

// -- numbers and the end ---------------------------------------------------------------

TEST_F(im_test, counts_answers_by_where_they_came_from) {
  open({user(1)});
  open({user(1)});
  EXPECT_EQ(life->waiting.now(), 2U);
  EXPECT_EQ(life->flights_under_way.now(), 1U);
  created("A");
  open({user(1)});
  open({user(1), user(2)}); // Refused.
  auto opened = [&](im_origin from) { return life->opened[static_cast<std::size_t>(from)].now(); };
  EXPECT_EQ(opened(im_origin::pod), 1U);
  EXPECT_EQ(opened(im_origin::joined), 1U);
  EXPECT_EQ(opened(im_origin::directory), 1U);
  EXPECT_EQ(life->not_opened[static_cast<std::size_t>(errc::multi_party_unsupported)].now(), 1U);
  EXPECT_EQ(life->flights.now(), 1U);
  EXPECT_EQ(life->waiting.now(), 0U);
  EXPECT_EQ(life->flights_under_way.now(), 0U);
}

TEST_F(im_test, a_deadline_names_the_host_that_does_not_answer) {
  auto late = open({user(1)}, {.timeout = 1s});
  life->board.raise("host pod:80", "no connection");
  sys.advance(2s);
  EXPECT_EQ(late.error(), errc::deadline_exceeded);
  EXPECT_NE(late.why().detail.find("host pod:80: no connection"), std::string::npos)
      << late.why().detail;
}

TEST_F(im_test, drains_when_the_last_asker_has_its_answer_and_takes_no_more) {
  auto under_way = open({user(1)});
  auto idle = sys.ask<drained>(caf::actor_cast<drain_actor>(handles.im), drain{});
  sys.run();
  EXPECT_FALSE(idle.settled());
  EXPECT_EQ(open({user(2)}).error(), errc::shutting_down);
  created("A");
  EXPECT_TRUE(under_way.ok());
  EXPECT_TRUE(idle.ok());
}

TEST_F(im_test, a_crash_tells_those_who_wait_that_it_was_one) {
  auto waiting = open({user(1)});
  caf::anon_send_exit(handles.im, caf::exit_reason::kill);
  sys.run();
  EXPECT_EQ(waiting.error(), errc::internal);
}

} // namespace
