#include <actors/im/im_flight.hpp>

#include <tests/support/users.hpp>

#include <gtest/gtest.h>

namespace {

using namespace tutti;
using namespace tutti::testing;
using action = im_flight::action;
using step = im_flight::step;

participant_set others() {
  return users({2});
}

entitlement_checked allowed() {
  return {verdict::allowed, {}};
}
entitlement_checked unknown() {
  return {verdict::unknown, {errc::not_entitled, "features may not be read", 0, {}}};
}
entitlement_checked denied() {
  return {verdict::denied, {errc::unknown_user, "no such user", 0, {}}};
}
entitlement_checked not_connected() {
  return {verdict::denied, {errc::not_connected, "not connected", 0, {}}, others()};
}

failure forbidden() {
  return {errc::not_entitled, "the pod's words", 403, {}};
}
failure slow_look_up() {
  return {errc::deadline_exceeded, "too long", 0, {}};
}
failure no_host() {
  return {errc::unreachable, "no connection", 0, {}};
}

users_connected answered(connection_status status) {
  return {{{user(2), status}}};
}

/// One flight in any step, with its usual events.
class im_flight_test : public ::testing::Test {
public:
  im_flight of(im_form form = im_form::inclusive, const identity& as = identity{},
               connect_policy policy = connect_policy::wait) {
    return {form, as, policy};
  }

  im_flight checking() {
    auto made = of();
    EXPECT_EQ(made.begin(false), action::ask_entitlement);
    return made;
  }
  im_flight creating() {
    auto made = of();
    EXPECT_EQ(made.begin(true), action::create);
    return made;
  }
  im_flight explaining(const identity& as = identity{}) {
    auto made = of(im_form::inclusive, as);
    EXPECT_EQ(made.begin(true), action::create);
    EXPECT_EQ(made.forbidden(forbidden()), action::ask_why);
    return made;
  }
  im_flight connecting() {
    auto made = checking();
    EXPECT_EQ(made.checked(not_connected()), action::connect);
    return made;
  }

  static void expect_failed(const im_flight& flight, errc error, std::string_view words) {
    EXPECT_EQ(flight.now(), step::done);
    EXPECT_EQ(flight.why().error, error);
    EXPECT_NE(flight.why().detail.find(words), std::string::npos) << flight.why().detail;
  }
};

// -- begin ------------------------------------------------------------------------------------

TEST_F(im_flight_test, unknown_users_are_checked_first) {
  EXPECT_EQ(of().begin(false), action::ask_entitlement);
}

TEST_F(im_flight_test, users_known_to_be_allowed_are_not_checked) {
  EXPECT_EQ(of().begin(true), action::create);
}

TEST_F(im_flight_test, without_the_caller_as_a_member_nobody_is_checked) {
  EXPECT_EQ(of(im_form::admin).begin(false), action::create);
}

TEST_F(im_flight_test, a_flight_begins_once) {
  auto flight = checking();
  EXPECT_EQ(flight.begin(true), action::nothing);
  EXPECT_EQ(flight.now(), step::check);
}

// -- check ------------------------------------------------------------------------------------

TEST_F(im_flight_test, allowed_users_lead_to_the_create) {
  EXPECT_EQ(checking().checked(allowed()), action::create);
}

TEST_F(im_flight_test, of_what_cannot_be_read_the_pod_decides) {
  EXPECT_EQ(checking().checked(unknown()), action::create);
}

TEST_F(im_flight_test, a_denial_ends_the_flight_without_a_create) {
  auto flight = checking();
  EXPECT_EQ(flight.checked(denied()), action::fail);
  expect_failed(flight, errc::unknown_user, "no such user");
}

TEST_F(im_flight_test, users_without_a_connection_are_asked_for_one) {
  auto flight = checking();
  EXPECT_EQ(flight.checked(not_connected()), action::connect);
  EXPECT_EQ(flight.unconnected(), others());
}

TEST_F(im_flight_test, nobody_is_asked_for_a_connection_where_the_configuration_forbids_it) {
  auto flight = of(im_form::inclusive, identity{}, connect_policy::never);
  flight.begin(false);
  EXPECT_EQ(flight.checked(not_connected()), action::fail);
  expect_failed(flight, errc::not_connected, "not connected");
}

TEST_F(im_flight_test, a_denial_that_names_no_users_asks_nobody_for_a_connection) {
  auto flight = checking();
  EXPECT_EQ(flight.checked({verdict::denied, not_connected().reason}), action::fail);
}

TEST_F(im_flight_test, look_ups_that_take_too_long_do_not_hold_up_the_create) {
  EXPECT_EQ(checking().not_checked(slow_look_up()), action::create);
}

TEST_F(im_flight_test, a_host_that_is_away_would_not_create_either) {
  auto flight = checking();
  EXPECT_EQ(flight.not_checked(no_host()), action::fail);
  expect_failed(flight, errc::unreachable, "no connection");
}

// -- create -----------------------------------------------------------------------------------

TEST_F(im_flight_test, a_created_im_lands) {
  auto flight = creating();
  EXPECT_EQ(flight.created(), action::land);
  EXPECT_EQ(flight.now(), step::done);
}

TEST_F(im_flight_test, a_403_is_looked_into) {
  EXPECT_EQ(creating().forbidden(forbidden()), action::ask_why);
}

TEST_F(im_flight_test, a_403_without_the_caller_as_a_member_names_the_role) {
  auto flight = of(im_form::admin);
  flight.begin(false);
  EXPECT_EQ(flight.forbidden(forbidden()), action::fail);
  expect_failed(flight, errc::not_entitled, "the role User Provisioning");
}

TEST_F(im_flight_test, any_other_refusal_ends_the_flight) {
  auto flight = creating();
  EXPECT_EQ(flight.not_created(no_host()), action::fail);
  expect_failed(flight, errc::unreachable, "no connection");
}

// -- explain ----------------------------------------------------------------------------------

TEST_F(im_flight_test, the_cause_that_is_found_is_told_with_the_pod_s_words) {
  auto flight = explaining();
  EXPECT_EQ(flight.checked(denied()), action::fail);
  expect_failed(flight, errc::unknown_user, "no such user (the pod's words)");
  EXPECT_EQ(flight.why().status, 403);
}

TEST_F(im_flight_test, a_403_that_nothing_explains_stays_what_it_is) {
  auto flight = explaining();
  EXPECT_EQ(flight.checked(allowed()), action::fail);
  expect_failed(flight, errc::not_entitled, "name no cause");
  EXPECT_NE(flight.why().code, "obo");
}

TEST_F(im_flight_test, a_403_on_behalf_of_a_user_names_the_permission_of_the_app) {
  auto flight = explaining(identity::on_behalf_of(user(1)));
  EXPECT_EQ(flight.checked(unknown()), action::fail);
  expect_failed(flight, errc::not_entitled, "SEND_MESSAGES");
  EXPECT_EQ(flight.why().code, "obo");
}

TEST_F(im_flight_test, a_403_for_want_of_a_connection_asks_for_one) {
  auto flight = explaining();
  EXPECT_EQ(flight.checked(not_connected()), action::connect);
  EXPECT_EQ(flight.unconnected(), others());
}

TEST_F(im_flight_test, a_403_that_cannot_be_looked_into_is_told_as_it_came) {
  for (const auto& why : {slow_look_up(), no_host()}) {
    auto flight = explaining();
    EXPECT_EQ(flight.not_checked(why), action::fail);
    EXPECT_EQ(flight.why(), forbidden());
  }
}

// -- connect ----------------------------------------------------------------------------------

TEST_F(im_flight_test, an_accepted_connection_leads_to_the_create) {
  auto flight = connecting();
  EXPECT_EQ(flight.connected(answered(connection_status::accepted)), action::create);
  EXPECT_EQ(flight.created(), action::land);
}

TEST_F(im_flight_test, a_connection_that_is_not_accepted_ends_the_flight) {
  auto flight = connecting();
  EXPECT_EQ(flight.connected(answered(connection_status::pending_outgoing)), action::fail);
  expect_failed(flight, errc::not_connected, "it is asked for");
  EXPECT_EQ(flight.why().code, "connection_asked");
}

TEST_F(im_flight_test, a_connection_that_cannot_be_asked_for_ends_the_flight) {
  auto flight = connecting();
  EXPECT_EQ(flight.not_connected(no_host()), action::fail);
  expect_failed(flight, errc::unreachable, "no connection");
}

TEST_F(im_flight_test, a_connection_is_asked_for_once) {
  auto flight = connecting();
  EXPECT_EQ(flight.connected(answered(connection_status::accepted)), action::create);
  EXPECT_EQ(flight.forbidden(forbidden()), action::ask_why);
  EXPECT_EQ(flight.checked(not_connected()), action::fail);
  expect_failed(flight, errc::not_connected, "not connected");
}

// -- what comes late ----------------------------------------------------------------------------

TEST_F(im_flight_test, an_event_that_its_step_does_not_wait_for_changes_nothing) {
  using tell = action (*)(im_flight&);
  const tell events[] = {
      [](im_flight& x) { return x.checked(denied()); },
      [](im_flight& x) { return x.not_checked(no_host()); },
      [](im_flight& x) { return x.created(); },
      [](im_flight& x) { return x.forbidden(forbidden()); },
      [](im_flight& x) { return x.not_created(no_host()); },
      [](im_flight& x) { return x.connected(answered(connection_status::accepted)); },
      [](im_flight& x) { return x.not_connected(no_host()); },
  };
  enum { check = 1, create = 2, connect = 4, nobody = 0 };
  auto waits = [](step which) {
    switch (which) {
    case step::check:
    case step::explain:
      return check;
    case step::create:
      return create;
    case step::connect:
      return connect;
    default:
      return nobody;
    }
  };
  const int kinds[] = {check, check, create, create, create, connect, connect};
  auto finished = [this] {
    auto made = creating();
    made.created();
    return made;
  };
  for (std::size_t event = 0; event < std::size(events); ++event) {
    im_flight flights[] = {of(), checking(), creating(), explaining(), connecting(), finished()};
    for (auto& flight : flights) {
      const auto before = flight.now();
      if (waits(before) == kinds[event])
        continue;
      EXPECT_EQ(events[event](flight), action::nothing) << event;
      EXPECT_EQ(flight.now(), before);
    }
  }
}

} // namespace
