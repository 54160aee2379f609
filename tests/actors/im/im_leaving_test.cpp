// Who leaves before the answer, what is counted, and the end.
#include <tests/support/im_fixture.hpp>

#include <actors/requests/drain.hpp>

#include <gmock/gmock.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using namespace std::chrono_literals;

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
  // The deadline of another request wakes the actor.
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
