// The IM actor: answers from the directory, joins or starts a flight, carries out a flight's steps.
#include <actors/im/im.hpp>

#include <actors/entitlement/allowed_pairs.hpp>
#include <actors/im/failures.hpp>
#include <actors/im/im_flight.hpp>
#include <actors/im/waiters.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/drain.hpp>
#include <actors/requests/single_flight.hpp>
#include <wire/endpoints.hpp>

namespace tutti {

namespace {

using waiter_id = im_waiter_id;

/// One flight: its steps, and what it has asked for.
struct flight_data {
  im_flight steps;
  call_ticket call{};
  call_ticket connect{};
  /// How long look-ups may take; and while they are waited for, the timer of that deadline, else 0.
  std::chrono::milliseconds look_up_time{0};
  timer_wheel::token looking_up = 0;
};

using im_flights = single_flight<im_key, flight_data>;
using flight_id = im_flights::flight_id;

using resident_base = resident<im_actor::extend<caf::reacts_to<tick>, draining>>;

class im_impl final : public resident_base {
public:
  im_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, const tutti::config& settings,
          const core& below, std::shared_ptr<directory> known, logger log,
          std::shared_ptr<telemetry> life)
      : resident_base(cfg, std::move(unit)), settings_(settings.im), http_(below.http),
        auth_(below.auth), entitlement_(below.entitlement), connections_(below.connections),
        known_(std::move(known)), allowed_(settings.entitlements), log_(std::move(log)),
        waiters_(life), telemetry_(std::move(life)) {}

  const char* name() const override { return "tutti.im"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](create_im& request) { return on_create(request); },
        [this](cancel_im what) { on_cancel(what.ticket); },
        [this](const forget_im& what) { on_forget(what); },
        [this](tick) { on_tick(); },
        [this](drain) { return drain_.begin(this, waiters_.empty()); },
    };
  }

  void on_exit() override {
    auto why = ending();
    for (auto id : waiters_.ids())
      waiters_.fail(this, id, why);
    drain_.update(true);
    telemetry_->flights_under_way.set(0);
    http_ = nullptr;
    auth_ = nullptr;
    entitlement_ = nullptr;
    connections_ = nullptr;
  }

private:
  // -- arrival ----------------------------------------------------------------

  caf::delegated<im_created> on_create(create_im& request) {
    auto reply = take_promise<im_created>();
    if (drain_.begun()) {
      waiters_.fail(this, std::move(reply), {errc::shutting_down, "the bot is stopping", 0, {}});
      return {};
    }
    if (!request.as.is_bot()) {
      proceed(request, request.as.user(), std::move(reply), 0);
      return {};
    }
    if (!bot_.id) {
      bot_.id = known_->caller();
      bot_.must_confirm = bot_.id.has_value();
    }
    if (std::exchange(bot_.must_confirm, false))
      ask_who();
    if (bot_.id) {
      proceed(request, *bot_.id, std::move(reply), 0);
      return {};
    }
    auto id = waiters_.insert(this, request, std::move(reply), now(), settings_.timeout);
    bot_.waiting.push_back({id, std::move(request)});
    if (bot_.waiting.size() == 1)
      ask_who();
    return {};
  }

  void ask_who() {
    request(auth_, caf::infinite, whoami{})
        .then(
            [this](const caller_info& found) {
              bot_.id = found.id;
              known_->caller_is(found.id);
              for (auto& each : std::exchange(bot_.waiting, {}))
                if (waiters_.find(each.waiter))
                  proceed(each.request, found.id, {}, each.waiter);
            },
            [this](const caf::error& error) {
              auto why = to_failure(error);
              bot_.must_confirm = bot_.id.has_value();
              for (auto& each : std::exchange(bot_.waiting, {}))
                fail(each.waiter, why);
            });
  }

  /// With the caller's id known: from the directory, or into a flight. An asker that had to wait
  /// for that id is a waiter already and is given as `id`, with an empty `reply`; else `id` is 0.
  void proceed(const create_im& request, user_id own, unique_promise<im_created>&& reply,
               waiter_id id) {
    auto users = participant_set::make(request.form, request.participants, own, settings_.multi);
    if (!users)
      return id == 0 ? waiters_.fail(this, std::move(reply), users.error())
                     : fail(id, users.error());
    auto key = im_key{request.as, request.form, std::move(*users)};
    if (auto stream = known_->find(key, now())) {
      auto known = im_created{std::move(*stream), im_origin::directory};
      return id == 0 ? waiters_.answer(this, std::move(reply), std::move(known))
                     : answer(id, std::move(known));
    }
    if (id == 0)
      id = waiters_.insert(this, request, std::move(reply), now(), settings_.timeout);
    auto [flight_id, flight, first] =
        flights_.join(key, id, {im_flight{key.form, key.as, settings_.connect}});
    auto* waiter = waiters_.find(id);
    waiter->flight = flight_id;
    auto& look_ups = flight.data.look_up_time;
    look_ups = std::max(look_ups, look_up_time(waiter->patience));
    if (!first)
      return;
    telemetry_->flights.add();
    telemetry_->flights_under_way.set(flights_.size());
    const auto allowed = request.same_pod || allowed_.all_allowed(key.as, key.users, now());
    carry_out(flight_id, flight, flight.data.steps.begin(allowed));
  }

  // -- the steps of a flight ----------------------------------------------------

  void carry_out(flight_id id, im_flights::flight& flight, im_flight::action what) {
    switch (what) {
    case im_flight::action::nothing:
    case im_flight::action::land: // See `on_response`, which has the stream.
      return;
    case im_flight::action::ask_entitlement:
      return check(id, flight, false);
    case im_flight::action::create:
      return create(id, flight);
    case im_flight::action::ask_why:
      return check(id, flight, true);
    case im_flight::action::connect:
      return connect(id, flight);
    case im_flight::action::fail:
      return fail_flight(id);
    }
  }

  void check(flight_id id, im_flights::flight& flight, bool refused) {
    const auto which = look_ups_.keep(this, now() + flight.data.look_up_time, id);
    flight.data.looking_up = which;
    request(entitlement_, caf::infinite,
            check_entitlement{flight.key.as, flight.key.users, refused})
        .then([this, id, which](const entitlement_checked& found) { on_checked(id, which, found); },
              [this, id, which](const caf::error& error) {
                on_not_checked(id, which, to_failure(error));
              });
  }

  /// The flight that waits for that look-up's answer; null when it has ended or waited long enough.
  im_flights::flight* waits_for_check(flight_id id, timer_wheel::token which) {
    auto* flight = flights_.find(id);
    if (!flight || which == 0 || flight->data.looking_up != which)
      return nullptr;
    look_ups_.remove(std::exchange(flight->data.looking_up, 0));
    return flight;
  }

  void on_checked(flight_id id, timer_wheel::token which, const entitlement_checked& found) {
    auto* flight = waits_for_check(id, which);
    if (!flight)
      return;
    const auto then = flight->data.steps.checked(found);
    if (then == im_flight::action::create && found.outcome == verdict::allowed)
      allowed_.remember(flight->key.as, flight->key.users, now());
    carry_out(id, *flight, then);
  }

  void on_not_checked(flight_id id, timer_wheel::token which, const failure& why) {
    auto* flight = waits_for_check(id, which);
    if (!flight)
      return;
    const auto then = flight->data.steps.not_checked(why);
    if (then == im_flight::action::create)
      log_.info("im_not_checked",
                {{"users", to_string(flight->key.users)}, {"why", to_string(why)}});
    carry_out(id, *flight, then);
  }

  void on_late_check(flight_id id) {
    if (const auto* flight = flights_.find(id))
      on_not_checked(id, flight->data.looking_up,
                     {errc::deadline_exceeded, "look-ups have taken too long", 0, {}});
  }

  void create(flight_id id, im_flights::flight& flight) {
    http_call call;
    call.as = flight.key.as;
    call.request = wire::create_im(flight.key.form, flight.key.users);
    call.ticket = call_ticket::next();
    flight.data.call = call.ticket;
    ask(
        http_, std::move(call),
        [this, id](const http_response& response) { on_response(id, response); },
        [this, id](const caf::error& error) {
          if (auto* flight = flights_.find(id))
            carry_out(id, *flight, flight->data.steps.not_created(to_failure(error)));
        });
  }

  void on_response(flight_id id, const http_response& response) {
    auto* flight = flights_.find(id);
    if (!flight)
      return;
    flight->data.call = {};
    auto& steps = flight->data.steps;
    auto stream = wire::read_im(response);
    if (stream)
      return steps.created() == im_flight::action::land ? land(id, *stream) : void();
    if (response.status != 403)
      return carry_out(id, *flight, steps.not_created(stream.error()));
    const auto then = steps.forbidden(stream.error());
    if (then == im_flight::action::ask_why)
      allowed_.forget(flight->key.as, flight->key.users);
    carry_out(id, *flight, then);
  }

  void connect(flight_id id, im_flights::flight& flight) {
    auto wanted = connect_users{flight.key.as,
                                flight.data.steps.unconnected(),
                                settings_.connect == connect_policy::wait,
                                {},
                                call_ticket::next()};
    flight.data.connect = wanted.ticket;
    request(connections_, caf::infinite, std::move(wanted))
        .then([this, id](const users_connected& after) { on_connected(id, after); },
              [this, id](const caf::error& error) {
                if (auto* flight = flights_.find(id))
                  carry_out(id, *flight, flight->data.steps.not_connected(to_failure(error)));
              });
  }

  void on_connected(flight_id id, const users_connected& after) {
    auto* flight = flights_.find(id);
    if (!flight)
      return;
    const auto then = flight->data.steps.connected(after);
    if (then == im_flight::action::create)
      allowed_.remember(flight->key.as, flight->key.users, now());
    carry_out(id, *flight, then);
  }

  // -- its end ------------------------------------------------------------------

  void land(flight_id id, const stream_id& stream) {
    auto ended = end_flight(id);
    // In the same step as the flight ends: a duplicate that is read next
    // finds the flight or the directory's entry, never neither.
    known_->put(ended->key, stream, now());
    auto origin = im_origin::pod;
    for (auto waiter : ended->waiters) {
      answer(waiter, {stream, origin});
      origin = im_origin::joined;
    }
  }

  void fail_flight(flight_id id) {
    auto ended = end_flight(id);
    const auto& why = ended->data.steps.why();
    log_.info("im_failed", {{"users", to_string(ended->key.users)}, {"why", to_string(why)}});
    for (auto waiter : ended->waiters)
      fail(waiter, why);
  }

  std::optional<im_flights::flight> end_flight(flight_id id) {
    auto ended = flights_.take(id);
    telemetry_->flights_under_way.set(flights_.size());
    return ended;
  }

  void answer(waiter_id id, im_created&& what) {
    waiters_.answer(this, id, std::move(what));
    drain_.update(waiters_.empty());
  }

  void fail(waiter_id id, const failure& why) {
    waiters_.fail(this, id, why);
    drain_.update(waiters_.empty());
  }

  // -- leaving ----------------------------------------------------------------

  void on_cancel(call_ticket ticket) {
    leave(waiters_.with_ticket(ticket),
          failure{errc::cancelled, "the asker took the request back", 0, {}});
  }

  void on_tick() {
    auto time = now();
    auto due = waiters_.on_tick(this, time, [this](waiter_id id) { on_deadline(id); });
    look_ups_.on_tick(this, time, [this](auto id) { on_late_check(id); });
    // CAF does not report that an asker has ended: check when a tick has woken this actor anyway,
    // but not at each of many deadlines in a row.
    if (!due || time - looked_for_dead_ < std::chrono::milliseconds{100})
      return;
    looked_for_dead_ = time;
    for (auto id : waiters_.ids())
      if (waiters_.find(id)->reply.gone())
        leave(id, failure{errc::cancelled, "the asker has ended", 0, {}});
  }

  void on_deadline(waiter_id id) {
    const auto* one = waiters_.find(id);
    if (!one)
      return;
    const auto* flight = flights_.find(one->flight);
    leave(id,
          too_late({.users = flight ? &flight->key.users : nullptr,
                    .patience = one->patience,
                    .connecting = flight && flight->data.steps.now() == im_flight::step::connect},
                   *telemetry_));
  }

  /// One waiter leaves its flight; what the flight has asked for ends with the last one.
  void leave(waiter_id id, const failure& why) {
    const auto* one = waiters_.find(id);
    if (!one)
      return;
    auto flight_id = one->flight;
    fail(id, why);
    const auto* flight = flights_.find(flight_id);
    if (!flight)
      return;
    const auto call = flight->data.call;
    const auto connection = flight->data.connect;
    if (!flights_.leave(flight_id, id))
      return;
    telemetry_->flights_under_way.set(flights_.size());
    if (call)
      send(http_, cancel_call{call});
    if (connection)
      send(connections_, cancel_connect{connection});
  }

  void on_forget(const forget_im& what) {
    auto own = what.as.is_bot() ? bot_.id : std::optional{what.as.user()};
    if (!own)
      own = known_->caller(); // The directory's file may know IMs of a bot that has not asked yet.
    if (!own)
      return;
    auto users = participant_set::make(what.form, what.participants, *own, multi_party::allow);
    if (users)
      known_->forget(im_key{what.as, what.form, std::move(*users)});
  }

  im_config settings_;
  http_actor http_;
  auth_actor auth_;
  entitlement_actor entitlement_;
  connections_actor connections_;
  std::shared_ptr<directory> known_;
  allowed_pairs allowed_;
  logger log_;
  im_caller bot_;
  im_waiters waiters_;
  timer_wheel::time_point looked_for_dead_;
  im_flights flights_;
  ticking_timers look_ups_;
  std::shared_ptr<telemetry> telemetry_;
  drain_state drain_;
};

} // namespace

im_actor spawn_im(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                  const config& settings, const core& below, std::shared_ptr<directory> known,
                  const logger& log, std::shared_ptr<telemetry> life) {
  return spawn_resident<im_impl>(system, unit, settings, below, std::move(known), log,
                                 std::move(life));
}

} // namespace tutti
