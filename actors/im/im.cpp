// im: normalises, answers from the directory, joins or starts a flight, settles everybody once.
#include <actors/im/im.hpp>

#include <actors/entitlement/allowed_cache.hpp>
#include <actors/im/failures.hpp>
#include <actors/im/waiters.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/drain.hpp>
#include <actors/requests/single_flight.hpp>
#include <actors/requests/ticketed.hpp>
#include <wire/endpoints.hpp>

namespace tutti {

std::string_view to_string(im_origin origin) noexcept {
  switch (origin) {
  case im_origin::pod:
    return "pod";
  case im_origin::directory:
    return "directory";
  case im_origin::joined:
    return "joined";
  }
  return "pod";
}

namespace {

using waiter_id = im_waiter_id;
using im_flights = single_flight<im_key, flight_tickets>;

using resident_base = resident<im_actor::extend<caf::reacts_to<tick>, draining>>;

class im_impl final : public resident_base {
public:
  im_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, const tutti::config& settings,
          const core& below, std::shared_ptr<directory> known, logger log,
          std::shared_ptr<telemetry> life)
      : resident_base(cfg, std::move(unit)), settings_(settings.im), http_(below.http),
        auth_(below.auth), entitlement_(below.entitlement), connections_(below.connections),
        known_(std::move(known)), ways_(settings.entitlements), log_(std::move(log)),
        telemetry_(std::move(life)) {}

  const char* name() const override { return "tutti.im"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](create_im& request) { return on_create(request); },
        [this](cancel_im what) { on_cancel(what.ticket); },
        [this](const forget_im& what) { on_forget(what); },
        [this](tick) { on_tick(); },
        [this](drain) { return on_drain(); },
    };
  }

  void on_exit() override {
    auto why = ending();
    for (auto id : waiters_.ids())
      settle(id, why);
    if (idle_.pending())
      idle_.deliver(drained{});
    telemetry_->flights_under_way.set(0);
    http_ = nullptr;
    auth_ = nullptr;
    entitlement_ = nullptr;
    connections_ = nullptr;
  }

private:
  // -- arrival ----------------------------------------------------------------

  later<im_created> on_create(create_im& request) {
    auto who = owe<im_created>();
    if (draining_) {
      turn_away(who, 0, failure{errc::shutting_down, "the bot is stopping", 0, {}});
      return {};
    }
    if (!request.as.is_bot()) {
      proceed(request, request.as.user(), std::move(who), 0);
      return {};
    }
    if (!bot_.id) {
      bot_.id = known_->caller();
      bot_.unconfirmed = bot_.id.has_value();
    }
    if (std::exchange(bot_.unconfirmed, false))
      ask_who();
    if (bot_.id) {
      proceed(request, *bot_.id, std::move(who), 0);
      return {};
    }
    auto id = add_waiter(request, std::move(who));
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
                if (auto* one = waiters_.find(each.waiter))
                  proceed(each.request, found.id, std::move(one->who), each.waiter);
            },
            [this](const caf::error& error) {
              auto why = to_failure(error);
              bot_.unconfirmed = bot_.id.has_value();
              for (auto& each : std::exchange(bot_.waiting, {}))
                settle(each.waiter, why);
            });
  }

  /// With the caller's id known: from the directory, or into a flight. `id` is 0 for an asker who
  /// has not had to wait yet.
  void proceed(const create_im& request, user_id own, owed<im_created> who, waiter_id id) {
    auto users = participant_set::make(request.form, request.participants, own, settings_.multi);
    if (!users)
      return turn_away(who, id, users.error());
    auto key = im_key{request.as, request.form, std::move(*users)};
    if (auto stream = known_->find(key, now())) {
      forget_waiter(id);
      count(im_origin::directory);
      return who.answer(this, im_created{std::move(*stream), im_origin::directory});
    }
    if (id == 0)
      id = add_waiter(request, std::move(who));
    else
      waiters_.find(id)->who = std::move(who);
    auto [flight, first] = flights_.join(key, id);
    waiters_.find(id)->flight = flight;
    auto& course = flights_.find(flight)->course;
    course.look_up_time = std::max(course.look_up_time, look_up_time(waiters_.find(id)->patience));
    if (first)
      send_batch(flight, key);
  }

  void turn_away(owed<im_created>& who, waiter_id id, const failure& why) {
    forget_waiter(id);
    count(why);
    who.refuse(this, why);
  }

  void count(im_origin origin) { telemetry_->opened[static_cast<std::size_t>(origin)].add(); }
  void count(const failure& why) {
    if (static_cast<std::size_t>(why.error) < errc_count) // A replaced actor may say anything.
      telemetry_->not_opened[static_cast<std::size_t>(why.error)].add();
  }

  waiter_id add_waiter(const create_im& request, owed<im_created> who) {
    auto arrived = now();
    auto due = due_time(arrived, request.timeout, settings_.timeout);
    auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(due - arrived);
    auto id = waiters_.insert(this, {std::move(who), 0, patience}, request.ticket, due);
    telemetry_->waiting.set(waiters_.size());
    return id;
  }

  // -- flight -----------------------------------------------------------------

  void send_batch(std::uint64_t flight, const im_key& key) {
    telemetry_->flights.add();
    telemetry_->flights_under_way.set(flights_.size());
    if (at_hand(key))
      return create(flight, key);
    const auto which = look_up(flight);
    request(entitlement_, caf::infinite, check_entitlement{key.as, key.users})
        .then([this, flight,
               which](entitlement_checked& checked) { on_checked(flight, which, checked); },
              [this, flight, which](const caf::error& error) {
                unchecked(flight, which, to_failure(error));
              });
  }

  // -- look-ups, which are advice: in the end the pod decides -----------------------------

  deadlines::token look_up(std::uint64_t flight) {
    auto& course = flights_.find(flight)->course;
    return course.looking_up = look_ups_.keep(this, now() + course.look_up_time, flight);
  }

  /// The flight that waits for that look-up's answer; null when it has ended or waited long enough.
  im_flights::flight* looked_up(std::uint64_t flight, deadlines::token which) {
    auto* under_way = flights_.find(flight);
    if (!under_way || which == 0 || under_way->course.looking_up != which)
      return nullptr;
    look_ups_.remove(std::exchange(under_way->course.looking_up, 0));
    return under_way;
  }

  void on_late_look_up(std::uint64_t flight) {
    if (const auto* under_way = flights_.find(flight))
      unchecked(flight, under_way->course.looking_up,
                {errc::deadline_exceeded, "look-ups have taken too long", 0, {}});
  }

  void unchecked(std::uint64_t flight, deadlines::token which, const failure& why) {
    auto* under_way = looked_up(flight, which);
    if (!under_way)
      return;
    if (const auto& refused = under_way->course.refused)
      return fail(flight, failure{*refused});
    if (!is_advice_only(why))
      return fail(flight, why);
    log_.info("im_not_checked",
              {{"users", to_string(under_way->key.users)}, {"why", to_string(why)}});
    create(flight, under_way->key);
  }

  /// Without the caller as a member its own connections and features do not matter: the pod asks
  /// for a role instead, and says so.
  bool at_hand(const im_key& key) {
    return key.form == im_form::admin || ways_.all_open(key.as, key.users, now());
  }

  void on_checked(std::uint64_t flight, deadlines::token which, entitlement_checked& checked) {
    const auto* under_way = looked_up(flight, which);
    if (!under_way)
      return;
    if (checked.outcome == verdict::denied)
      return denied(flight, checked.unconnected, checked.reason);
    if (checked.outcome == verdict::allowed)
      ways_.opened(under_way->key.as, under_way->key.users, now());
    create(flight, under_way->key);
  }

  void create(std::uint64_t flight, const im_key& key) {
    http_call call;
    call.as = key.as;
    call.request = wire::create_im(key.form, key.users);
    call.ticket = call_ticket::next();
    flights_.find(flight)->course.call = call.ticket;
    ask(
        http_, std::move(call),
        [this, flight](const http_response& response) { on_response(flight, response); },
        [this, flight](const caf::error& error) { fail(flight, to_failure(error)); });
  }

  void on_response(std::uint64_t flight, const http_response& response) {
    if (auto* under_way = flights_.find(flight))
      under_way->course.call = {};
    auto stream = wire::read_im(response);
    if (stream)
      return land(flight, *stream);
    if (response.status == 403)
      return explain(flight, stream.error());
    fail(flight, stream.error());
  }

  /// A 403 has several causes and the status does not tell them apart: look again.
  void explain(std::uint64_t flight, const failure& pod) {
    auto* under_way = flights_.find(flight);
    if (!under_way)
      return;
    if (under_way->key.form == im_form::admin)
      return fail(flight, admin_refused(pod));
    ways_.forget(under_way->key.as, under_way->key.users);
    under_way->course.refused = std::make_shared<const failure>(pod);
    const auto which = look_up(flight);
    request(entitlement_, caf::infinite,
            check_entitlement{under_way->key.as, under_way->key.users, true})
        .then(
            [this, flight, which, pod](const entitlement_checked& checked) {
              if (const auto* looked = looked_up(flight, which))
                denied(flight, checked.unconnected, explained(pod, checked, looked->key.as));
            },
            [this, flight, which](const caf::error& error) {
              unchecked(flight, which, to_failure(error));
            });
  }

  /// Who is only not connected is asked to be, once for a flight, if the configuration says so.
  void denied(std::uint64_t flight, const participant_set& unconnected, const failure& why) {
    auto* under_way = flights_.find(flight);
    if (!under_way)
      return;
    auto ask = settings_.connect != connect_policy::never && !unconnected.empty() &&
               why.error == errc::not_connected && !under_way->course.connect;
    if (!ask)
      return fail(flight, why);
    auto wanted = connect_users{under_way->key.as,
                                unconnected,
                                settings_.connect == connect_policy::wait,
                                {},
                                call_ticket::next()};
    under_way->course.connect = wanted.ticket;
    request(connections_, caf::infinite, std::move(wanted))
        .then([this, flight, why](const users_connected& now) { on_connected(flight, now, why); },
              [this, flight](const caf::error& error) { fail(flight, to_failure(error)); });
  }

  void on_connected(std::uint64_t flight, const users_connected& after, const failure& why) {
    const auto* under_way = flights_.find(flight);
    if (!under_way)
      return;
    if (!all_accepted(after))
      return fail(flight, still_unconnected(why, after));
    ways_.opened(under_way->key.as, under_way->key.users, now());
    create(flight, under_way->key);
  }

  void land(std::uint64_t flight, const stream_id& stream) {
    auto ended = end_flight(flight);
    if (!ended)
      return;
    // In the same step as the flight ends: a duplicate read next finds one or the other.
    known_->put(ended->key, stream, now());
    auto origin = im_origin::pod;
    for (auto id : ended->waiters) {
      if (auto waiter = forget_waiter(id)) {
        count(origin);
        waiter->who.answer(this, im_created{stream, origin});
      }
      origin = im_origin::joined;
    }
  }

  void fail(std::uint64_t flight, const failure& why) {
    auto ended = end_flight(flight);
    if (!ended)
      return;
    log_.info("im_failed", {{"users", to_string(ended->key.users)}, {"why", to_string(why)}});
    for (auto id : ended->waiters)
      settle(id, why);
  }

  std::optional<im_flights::flight> end_flight(std::uint64_t flight) {
    auto ended = flights_.land(flight);
    telemetry_->flights_under_way.set(flights_.size());
    return ended;
  }

  // -- leaving ----------------------------------------------------------------

  void on_cancel(call_ticket ticket) {
    leave(waiters_.with_ticket(ticket),
          failure{errc::cancelled, "the asker took the request back", 0, {}});
  }

  void on_tick() {
    auto time = now();
    auto due = waiters_.on_tick(this, time, [this](waiter_id id) { on_deadline(id); });
    look_ups_.on_tick(this, time, [this](auto flight) { on_late_look_up(flight); });
    // Nobody tells an actor that an asker of its has died: look when the clock has woken us anyway,
    // but not at each of many deadlines in a row.
    if (!due || time - looked_for_dead_ < std::chrono::milliseconds{100})
      return;
    looked_for_dead_ = time;
    for (auto id : waiters_.ids())
      if (waiters_.find(id)->who.gone())
        leave(id, failure{errc::cancelled, "the asker has ended", 0, {}});
  }

  void on_deadline(waiter_id id) {
    const auto* one = waiters_.find(id);
    if (!one)
      return;
    const auto* under_way = flights_.find(one->flight);
    leave(id, too_late(
                  {.users = under_way ? &under_way->key.users : nullptr,
                   .patience = one->patience,
                   .connecting = under_way && under_way->course.connect && !under_way->course.call},
                  *telemetry_));
  }

  /// One waiter leaves its flight; the call to the pod ends with the last one.
  void leave(waiter_id id, const failure& why) {
    auto* one = waiters_.find(id);
    if (!one)
      return;
    auto flight = one->flight;
    settle(id, why);
    auto* under_way = flights_.find(flight);
    auto course = under_way ? under_way->course : flight_tickets{};
    if (!flights_.leave(flight, id))
      return;
    telemetry_->flights_under_way.set(flights_.size());
    if (course.call)
      send(http_, cancel_call{course.call});
    if (course.connect)
      send(connections_, cancel_connect{course.connect});
  }

  void settle(waiter_id id, const failure& why) {
    if (auto waiter = forget_waiter(id)) {
      count(why);
      waiter->who.refuse(this, why);
    }
  }

  std::optional<im_waiter> forget_waiter(waiter_id id) {
    auto gone = waiters_.take(id);
    if (gone)
      telemetry_->waiting.set(waiters_.size());
    if (draining_ && waiters_.empty() && idle_.pending())
      idle_.deliver(drained{});
    return gone;
  }

  caf::typed_response_promise<drained> on_drain() {
    draining_ = true;
    idle_ = make_response_promise<caf::typed_response_promise<drained>>();
    auto promise = idle_;
    if (waiters_.empty())
      idle_.deliver(drained{});
    return promise;
  }

  void on_forget(const forget_im& what) {
    auto own = what.as.is_bot() ? bot_.id : std::optional{what.as.user()};
    if (!own)
      return; // Nothing can be known of a caller who has not asked yet.
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
  allowed_pairs ways_;
  logger log_;
  im_caller bot_;
  ticketed<im_waiter> waiters_;
  deadlines::time_point looked_for_dead_;
  im_flights flights_;
  ticking_deadlines look_ups_;
  std::shared_ptr<telemetry> telemetry_;
  bool draining_ = false;
  caf::typed_response_promise<drained> idle_;
};

} // namespace

im_actor spawn_im(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                  const config& settings, const core& below, std::shared_ptr<directory> known,
                  const logger& log, std::shared_ptr<telemetry> life) {
  return spawn_resident<im_impl>(system, unit, settings, below, std::move(known), log,
                                 std::move(life));
}

} // namespace tutti
