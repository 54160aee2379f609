// The HTTP actor: queues calls, gives them their session and repeats what may be repeated.
#include <actors/http/http.hpp>

#include <actors/http/call_headers.hpp>
#include <actors/http/call_table.hpp>
#include <actors/http/call_texts.hpp>
#include <actors/http/host_states.hpp>
#include <actors/http/second_looks.hpp>
#include <actors/http/session_leases.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/drain.hpp>

#include <random>

namespace tutti {

namespace {

using resident_base = resident<http_actor::extend<caf::reacts_to<tick>, draining>>;

class http_impl final : public resident_base, private transport::listener {
public:
  http_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, const tutti::config& settings,
            std::unique_ptr<transport::client> transport, logger log,
            std::shared_ptr<telemetry> life, std::uint64_t seed)
      : resident_base(cfg, std::move(unit)), longest_first_wait_(settings.retry.initial_interval),
        transport_(std::move(transport)), log_(std::move(log)), telemetry_(std::move(life)),
        random_(seed), headers_(settings), hosts_(settings, telemetry_, log_),
        sessions_(settings.app.max_sessions + 2) {
    transport_->listen(this);
  }

  const char* name() const override { return "tutti.http"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](http_call& call) { return on_call(std::move(call)); },
        [this](cancel_call what) { give_up(calls_.with_ticket(what.ticket), taken_back()); },
        [this](await_session_demand) {
          return sessions_.holder_waits(make_response_promise<session_leases::demand_promise>());
        },
        [this](lease_session& given) { on_lease(given); },
        [this](refuse_session& refused) { on_refusal(refused); },
        [this](tick) { on_tick(); },
        [this](drain) { return drain_.begin(this, hosts_.idle()); },
    };
  }

  void on_exit() override {
    transport_->listen(nullptr);
    transport_.reset();
    auto why = ending();
    for (auto id : calls_.ids())
      settle(id, why);
    sessions_.end(why);
    hosts_.show();
    drain_.update(true);
  }

private:
  using call_id = call_table::id;
  using place = host_queue::place;

  // -- arrival ----------------------------------------------------------------

  caf::delegated<http_response> on_call(http_call&& call) {
    auto who = take_promise<http_response>();
    auto host = hosts_.of(call.to);
    if (drain_.begun()) {
      who.fail(this, {errc::shutting_down, "the bot is stopping", 0, {}});
      return {};
    }
    if (auto why = hosts_[host].admit(call)) {
      who.fail(this, *why);
      return {};
    }
    auto time = now();
    auto due = due_time(time, call.timeout, hosts_.patience(call.to));
    auto endpoint = telemetry_->endpoints.row_of(call.request.target);
    proceed(calls_.insert(this, {.call = std::move(call),
                                 .who = std::move(who),
                                 .host = host,
                                 .endpoint = endpoint,
                                 .arrived = time,
                                 .due = due,
                                 .trace = make_trace(random_())}));
    hosts_[host].show();
    return {};
  }

  /// Into the queue when the session is there, else among those who wait for it.
  void proceed(call_id id, place where = place::end) {
    auto& one = *calls_.find(id);
    // Its deadline has passed; the tick that reports it may be up to 8 ms late.
    if (one.due <= now()) {
      if (one.at == pending_call::stage::in_flight) // It has come back.
        one.at = pending_call::stage::backing_off;
      return;
    }
    if (one.call.authorized && !sessions_.usable(one.call.as))
      return want_session(id);
    if (is_login(one.call))
      where = place::login; // Others wait for it.
    if (hosts_[one.host].queue().arrive(id, one.call.as, where, now()))
      return send(id);
    one.at = pending_call::stage::in_line;
    plan_opening(one.host);
  }

  /// Whether it waits for its turn. A call whose deadline has passed is not sent; a tick ends it.
  bool in_line(call_id id) {
    const auto* one = calls_.find(id);
    return one && one->at == pending_call::stage::in_line && one->due > now();
  }

  void send(call_id id) {
    auto& one = *calls_.find(id);
    one.at = pending_call::stage::in_flight;
    one.sent = now();
    if (one.first_sent == timer_wheel::time_point{}) {
      one.first_sent = one.sent;
      hosts_[one.host].sent_first(one.sent);
    }
    timers_.watch(this, one.host, one.sent);
    timers_.look_twice(this, one.host, second_looks_.sent(one));
    const auto* lease = one.call.authorized ? sessions_.usable(one.call.as) : nullptr;
    const auto request = outgoing_of(one, headers_.make(one, lease));
    one.fresh = false; // Before it is sent: a call that fails at once is gone.
    transport_->send(id, request);
  }

  void look_again(std::size_t host) {
    timers_.look_twice(this, host, second_looks_.look(host, calls_, now(), [this](call_id id) {
      return send_again(id);
    }));
    pump(host);
  }

  /// False when it waits on a connection that has just been opened, or an answer has begun.
  bool send_again(call_id id) {
    if (!transport_->suspect(id))
      return false;
    auto& one = *calls_.find(id);
    one.sent_again = one.fresh = true;
    transport_->cancel(id);
    hosts_[one.host].queue().leave();
    telemetry_->endpoints.ended(one.endpoint, exchange_end::given_up);
    log_sent_again(log_, one, now());
    proceed(id, place::head);
    return true;
  }

  /// Sends from the queue while the host takes more.
  void pump(std::size_t host) {
    auto& line = hosts_[host].queue();
    while (auto id = line.next(now(), [this](call_id which) { return in_line(which); })) {
      auto& one = *calls_.find(id);
      if (one.call.authorized && !sessions_.usable(one.call.as)) {
        line.did_not_depart(); // Its session went bad while it stood in line.
        want_session(id);
      } else {
        send(id);
      }
    }
    calls_.prefetch(line.soon());
    plan_opening(host);
  }

  /// Time alone holds the queue up: go on when it has passed.
  void plan_opening(std::size_t host) {
    if (!timers_.opens(host))
      timers_.open(this, host, hosts_[host].next_look(now()));
  }

  void on_opening(std::size_t host) {
    hosts_[host].look_at_gate(now());
    pump(host); // Plans the next opening.
    hosts_[host].show();
  }

  // -- sessions ---------------------------------------------------------------

  void want_session(call_id id) {
    auto& one = *calls_.find(id);
    one.at = pending_call::stage::waiting_for_session;
    sessions_.await(one.call.as, id);
  }

  void on_lease(lease_session& given) {
    for (auto id : sessions_.put(given, headers_.secrets_of_login()))
      if (calls_.find(id))
        proceed(id);
  }

  void on_refusal(const refuse_session& refused) {
    for (auto id : sessions_.refuse(refused.as))
      settle(id, refused.why);
    hosts_.show();
  }

  /// A 401: the first for this session wants a new one, a late one joins those who use the newer.
  void renew(call_id id) {
    auto& one = *calls_.find(id);
    one.renewed = true;
    if (sessions_.expired(one.call.as, one.session_number)) {
      telemetry_->renewals.add();
      log_.info("session_expired", {{"identity", to_string(one.call.as)}});
    }
    proceed(id, place::head);
  }

  // -- the end of a call ------------------------------------------------------

  /// Called by the transport, on the loop.
  void completed(transport::exchange_id id, transport::outcome how) override {
    enter([&] { on_completed(id, std::move(how)); });
  }

  void on_completed(call_id id, transport::outcome&& how) {
    auto* one = calls_.find(id);
    if (!one)
      return;
    keep_secrets(*one, how.answer);
    auto host = one->host;
    hosts_[host].queue().leave();
    const auto others_too = second_looks_.ended(host, id, static_cast<bool>(how.answer), now());
    log_exchange(log_, *one, how.answer, now());
    if (how.stale_connection && one->call.request.repeat_safe) {
      telemetry_->endpoints.ended(one->endpoint, end_of(how.answer), now() - one->sent);
      one->fresh = true; // That cannot fail in this way, and is no attempt.
      proceed(id, place::head);
    } else {
      if (hosts_[host].ended(*one, how.answer, now()))
        wake(host);
      if (hosts_[host].lost())
        transport_->renew(one->call.to);
      if (how.answer && how.answer->status < 400)
        conclude(id, std::move(how.answer));
      else if (how.answer && how.answer->status == 401 && one->call.authorized && !one->renewed)
        renew(id);
      else
        once_more_or_never(id, std::move(how.answer));
    }
    if (others_too)
      look_again(host);
    pump(host);
    hosts_[host].show();
    drain_.update(hosts_.idle());
  }

  // -- the state of hosts -----------------------------------------------------------

  /// Who waits for another attempt need not wait any longer; not all at once.
  void wake(std::size_t host) {
    for (auto id : calls_.backing_off(host))
      calls_.try_again(this, id,
                       now() + std::chrono::duration_cast<std::chrono::milliseconds>(
                                   longest_first_wait_ * chance()));
  }

  /// Marks a host as silent when its requests hang, long before their deadlines pass.
  void look_for_silence(std::size_t host) {
    if (!timers_.watch_on(this, host, hosts_[host].queue().in_flight() > 0, now()))
      return;
    const auto* oldest = calls_.oldest_in_flight(
        host, [this](call_id id) { return !transport_->waits_for_descriptor(id); });
    if (oldest && now() - oldest->sent >= host_timers::silence_watch)
      hosts_[host].silent(*oldest, "since", now() - oldest->sent);
  }

  void conclude(call_id id, result<http_response>&& answer) {
    auto& one = *calls_.find(id);
    if (!answer)
      return settle(id, given_up(one, answer.error()));
    answer->trace = trace_of(one);
    if (answer->status == 401 && one.call.authorized)
      return settle(id, refused_again(one, *answer));
    end(id).answer(this, std::move(*answer));
  }

  // -- once more ----------------------------------------------------------------

  void once_more_or_never(call_id id, result<http_response>&& outcome) {
    auto& one = *calls_.find(id);
    auto [then, wait] = hosts_[one.host].after(one, outcome, now(), chance());
    switch (then) {
    case next_step::conclude:
      return conclude(id, std::move(outcome));
    case next_step::line_up:
      return proceed(id, place::head);
    case next_step::back_off:
      one.at = pending_call::stage::backing_off;
      return calls_.try_again(this, id, now() + wait);
    }
  }

  /// From 0 to 1.
  double chance() { return std::uniform_real_distribution<>{0, 1}(random_); }

  void try_again(call_id id) {
    auto& one = *calls_.find(id);
    if (hosts_[one.host].may_go(one, now()))
      return proceed(id);
    calls_.try_again(this, id, now() + host_state::unpaid_wait);
  }

  void on_tick() {
    auto time = now();
    calls_.on_tick(
        this, time, [this](call_id id) { on_deadline(id); }, [this](call_id id) { try_again(id); });
    timers_.on_tick(
        this, time, [this](auto host) { look_for_silence(host); },
        [this](auto host) {
          if (second_looks_.is_due(host, now()))
            look_again(host);
        },
        [this](auto host) { on_opening(host); });
  }

  void on_deadline(call_id id) {
    auto* one = calls_.find(id);
    if (!one)
      return;
    const auto& host = hosts_[one->host];
    auto what = too_late(*one, host.name()) + host.gate_note(now());
    give_up(id, failure{errc::deadline_exceeded, std::move(what), 0, {}});
  }

  void give_up(call_id id, const failure& why) {
    auto* one = calls_.find(id);
    if (!one)
      return;
    auto host = one->host;
    auto was = one->at;
    switch (was) {
    case pending_call::stage::in_flight:
      if (auto waited = now() - one->sent;
          waited >= host_state::long_silence && !transport_->waits_for_descriptor(id)) {
        transport_->suspect(id); // What was idle with it may be as silent.
        hosts_[host].silent(*one, "within", waited);
      }
      transport_->cancel(id);
      hosts_[host].queue().leave();
      telemetry_->endpoints.ended(one->endpoint, exchange_end::given_up);
      break;
    case pending_call::stage::in_line:
    case pending_call::stage::backing_off:
      break; // Its place is skipped when its turn comes.
    case pending_call::stage::waiting_for_session:
      sessions_.leave(one->call.as, id);
      break;
    }
    settle(id, why);
    if (was == pending_call::stage::in_line)
      hosts_[host].queue().give_up([this](call_id which) { return in_line(which); });
    pump(host);
    hosts_[host].show();
    drain_.update(hosts_.idle());
  }

  void settle(call_id id, const failure& why) { end(id).fail(this, why); }

  /// Removes the call from every table and returns the answer owed; empty when the call is over.
  unique_promise<http_response> end(call_id id) {
    auto* ended = calls_.find(id);
    if (!ended)
      return {};
    hosts_[ended->host].queue().dismiss(is_login(ended->call));
    second_looks_.ended(ended->host, id, false, now()); // Wherever it was, it proves nothing now.
    auto who = std::move(ended->who);
    calls_.erase(id);
    return who;
  }

  std::chrono::milliseconds longest_first_wait_;
  std::unique_ptr<transport::client> transport_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  call_table calls_;
  second_looks second_looks_;
  host_timers timers_;
  std::mt19937_64 random_;
  call_headers headers_;
  host_states hosts_;
  session_leases sessions_;
  /// What waits to be tried again may wait for ever, and does not count.
  drain_state drain_;
};

} // namespace

http_actor spawn_http(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const config& settings, std::unique_ptr<transport::client> transport,
                      const logger& log, std::shared_ptr<telemetry> life, std::uint64_t seed) {
  return spawn_resident<http_impl>(system, unit, settings, std::move(transport), log,
                                   std::move(life), seed);
}

} // namespace tutti
