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
        [this](cancel_call what) { abandon(calls_.with_ticket(what.ticket), taken_back()); },
        [this](await_session_demand) {
          return sessions_.auth_asks(make_response_promise<session_leases::demand_promise>());
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
      fail(id, why);
    sessions_.end(why);
    hosts_.show();
    drain_.update(true);
  }

private:
  using call_id = call_table::id;
  using place = host_queue::place;

  caf::delegated<http_response> on_call(http_call&& call) {
    auto reply = take_promise<http_response>();
    auto host = hosts_.of(call.to);
    if (drain_.begun()) {
      reply.fail(this, {errc::shutting_down, "the bot is stopping", 0, {}});
      return {};
    }
    if (auto why = hosts_[host].admit(call)) {
      reply.fail(this, *why);
      return {};
    }
    auto one = arrived(std::move(call), std::move(reply), hosts_.patience(call.to), now());
    one.host = host;
    one.endpoint = telemetry_->endpoints.row_of(one.call.request.target);
    one.trace = make_trace(random_());
    proceed(calls_.insert(this, std::move(one)));
    hosts_[host].show();
    return {};
  }

  /// Into the queue when the session is there, else among those who wait for it.
  void proceed(call_id id, place where = place::end) {
    auto& one = *calls_.find(id);
    // Its deadline has passed; the tick that reports it may be up to 8 ms late.
    if (one.due <= now())
      return;
    if (one.call.authorized && !sessions_.usable_for(one.call))
      return want_session(id);
    if (is_login(one.call))
      where = place::login; // Others wait for it.
    if (hosts_[one.host].queue().start_or_enqueue(id, one.call.as, where, now()))
      return send(id);
    one.at = pending_call::stage::in_line;
    plan_opening(one.host);
  }

  // -- queue and sending --------------------------------------------------------

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
    timers_.plan_second_look(this, one.host, second_looks_.sent(one));
    const auto* lease = one.call.authorized ? sessions_.usable_for(one.call) : nullptr;
    const auto request = outgoing_of(one, headers_.make(one, lease));
    one.fresh = false; // Not after: `send` may end the call at once, and `one` with it.
    transport_->send(id, request);
  }

  void run_second_look(std::size_t host) {
    timers_.plan_second_look(this, host, second_looks_.run(host, calls_, now(), [this](call_id id) {
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
    exchange_over(one);
    telemetry_->endpoints.ended(one.endpoint, exchange_end::given_up);
    log_sent_again(log_, one, now());
    proceed(id, place::head);
    return true;
  }

  /// It is off the wire: `abandon` must not cancel it, nor free its place there, a second time.
  void exchange_over(pending_call& one) {
    one.at = pending_call::stage::idle;
    hosts_[one.host].queue().exchange_ended();
  }

  /// Sends from the queue while the host takes more.
  void pump(std::size_t host) {
    auto& line = hosts_[host].queue();
    while (auto id = line.next(now(), [this](call_id which) { return in_line(which); })) {
      auto& one = *calls_.find(id);
      if (one.call.authorized && !sessions_.usable_for(one.call)) {
        line.undo_start(); // Its session went bad while it stood in line.
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
    if (!timers_.opening_planned(host))
      timers_.plan_opening(this, host, hosts_[host].next_wake_up(now()));
  }

  void on_opening(std::size_t host) {
    hosts_[host].clear_gate_note(now());
    go_on(host); // Plans the next opening.
  }

  // -- sessions ---------------------------------------------------------------

  void want_session(call_id id) {
    auto& one = *calls_.find(id);
    one.at = pending_call::stage::waiting_for_session;
    sessions_.await(one.call.as, id, needs_keys(one.call));
  }

  void on_lease(lease_session& given) {
    for (auto id : sessions_.put(given, headers_.secrets_of_login()))
      if (calls_.find(id))
        proceed(id);
  }

  void on_refusal(const refuse_session& refused) {
    for (auto id : sessions_.refuse(refused.as))
      fail(id, refused.why);
    hosts_.show();
  }

  /// A 401: the first for this session wants a new one, a late one joins those who use the newer.
  void want_new_session(call_id id) {
    auto& one = *calls_.find(id);
    one.renewed = true;
    if (sessions_.expired(one.call.as, one.session_number)) {
      telemetry_->renewals.add();
      log_.info("session_expired", {{"identity", to_string(one.call.as)}});
    }
    proceed(id, place::head);
  }

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
    exchange_over(*one);
    const auto others_too = second_looks_.ended(host, id, static_cast<bool>(how.answer), now());
    log_exchange(log_, *one, how.answer, now());
    if (how.stale_connection && one->call.request.repeat_safe) {
      telemetry_->endpoints.ended(one->endpoint, end_of(how.answer), now() - one->sent);
      one->fresh = true; // That cannot fail in this way, and is no attempt.
      proceed(id, place::head);
    } else {
      if (hosts_[host].ended(*one, how.answer, now()))
        wake(host);
      if (hosts_[host].lost()) // With a fresh look-up of its name: the host may have moved.
        transport_->reconnect(one->call.to);
      if (how.answer && how.answer->status < 400)
        deliver(id, std::move(how.answer));
      else if (how.answer && how.answer->status == 401 && one->call.authorized && !one->renewed)
        want_new_session(id);
      else
        try_again_or_deliver(id, std::move(how.answer));
    }
    if (others_too)
      run_second_look(host);
    go_on(host);
  }

  void go_on(std::size_t host) {
    pump(host);
    hosts_[host].show();
    drain_.update(hosts_.idle());
  }

  /// Who waits for another attempt need not wait any longer; not all at once.
  void wake(std::size_t host) {
    for (auto id : calls_.backing_off(host))
      calls_.try_again(this, id,
                       now() + std::chrono::duration_cast<std::chrono::milliseconds>(
                                   longest_first_wait_ * chance()));
  }

  /// Marks a host as silent when its requests hang, long before their deadlines pass.
  void check_silence(std::size_t host) {
    if (!timers_.watch_on(this, host, hosts_[host].queue().in_flight() > 0, now()))
      return;
    const auto* oldest = calls_.oldest_in_flight(host, [this](call_id id) {
      return !transport_->waits_for_descriptor(id) && !calls_.find(id)->call.long_poll;
    });
    if (oldest && now() - oldest->sent >= host_timers::silence_watch)
      hosts_[host].silent(*oldest, "for", now() - oldest->sent);
  }

  // -- the end of a call --------------------------------------------------------

  void deliver(call_id id, result<http_response>&& answer) {
    auto& one = *calls_.find(id);
    if (!answer)
      return fail(id, given_up(one, answer.error()));
    answer->trace = trace_of(one);
    if (answer->status == 401 && one.call.authorized)
      return fail(id, refused_again(one, *answer));
    take_out(id).answer(this, std::move(*answer));
  }

  void try_again_or_deliver(call_id id, result<http_response>&& outcome) {
    auto& one = *calls_.find(id);
    auto [then, wait] = hosts_[one.host].after(one, outcome, now(), chance());
    switch (then) {
    case next_step::conclude:
      return deliver(id, std::move(outcome));
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
    calls_.try_again(this, id, now() + host_state::budget_poll);
  }

  void on_tick() {
    auto time = now();
    calls_.on_tick(
        this, time, [this](call_id id) { on_deadline(id); }, [this](call_id id) { try_again(id); });
    timers_.on_tick(
        this, time, [this](auto host) { check_silence(host); },
        [this](auto host) {
          if (second_looks_.is_due(host, now()))
            run_second_look(host);
        },
        [this](auto host) { on_opening(host); });
  }

  void on_deadline(call_id id) {
    auto* one = calls_.find(id);
    if (!one)
      return;
    const auto& host = hosts_[one->host];
    auto what = too_late(*one, host.name()) + host.gate_note(now());
    abandon(id, failure{errc::deadline_exceeded, std::move(what), 0, {}});
  }

  void abandon(call_id id, const failure& why) {
    auto* one = calls_.find(id);
    if (!one)
      return;
    const auto host = one->host;
    const auto was = one->at;
    switch (was) {
    case pending_call::stage::in_flight:
      if (auto waited = now() - one->sent; waited >= host_state::long_silence &&
                                           !transport_->waits_for_descriptor(id) &&
                                           !one->call.long_poll) {
        transport_->suspect(id); // What was idle with it may be as silent.
        hosts_[host].silent(*one, "within", waited);
      }
      transport_->cancel(id);
      hosts_[host].queue().exchange_ended();
      telemetry_->endpoints.ended(one->endpoint, exchange_end::given_up);
      break;
    case pending_call::stage::in_line:
    case pending_call::stage::backing_off:
    case pending_call::stage::idle:
      break; // Its place is skipped when its turn comes.
    case pending_call::stage::waiting_for_session:
      sessions_.leave(one->call.as, id);
      break;
    }
    fail(id, why);
    if (was == pending_call::stage::in_line)
      hosts_[host].queue().abandoned([this](call_id which) { return in_line(which); });
    go_on(host);
  }

  void fail(call_id id, const failure& why) { take_out(id).fail(this, why); }

  /// Removes the call and returns its promise, empty when the call is over. Its places in the queue
  /// and among those who wait for a session are skipped later.
  unique_promise<http_response> take_out(call_id id) {
    auto* ended = calls_.find(id);
    if (!ended)
      return {};
    hosts_[ended->host].queue().release(is_login(ended->call));
    second_looks_.ended(ended->host, id, false, now()); // Wherever it was, it proves nothing now.
    auto reply = std::move(ended->reply);
    calls_.erase(id);
    return reply;
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
  /// Only requests on the wire count: what waits may wait for ever.
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
