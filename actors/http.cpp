// http: lines calls up, gives them their session and repeats what may be repeated.
#include <actors/http.hpp>

#include <actors/drain.hpp>
#include <actors/host_reports.hpp>
#include <actors/http/admission.hpp>
#include <actors/http/hosts.hpp>
#include <actors/http/retry_policy.hpp>
#include <actors/loop/resident.hpp>
#include <actors/pending_call.hpp>
#include <actors/session_leases.hpp>
#include <actors/slab.hpp>
#include <actors/tick.hpp>
#include <actors/wire/endpoints.hpp>

#include <algorithm>
#include <random>
#include <unordered_map>

namespace tutti {

namespace {

std::array<std::string, 4> host_names(const config& settings) {
  std::array<std::string, 4> names;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const auto& host = settings.hosts[i]; !host.host.empty())
      names[i] = http::authority(host);
  return names;
}

std::array<std::chrono::milliseconds, 4> read_timeouts(const config& settings) {
  std::array<std::chrono::milliseconds, 4> times{};
  for (std::size_t i = 0; i < times.size(); ++i) {
    times[i] = settings.hosts[i].read_timeout;
    if (times[i].count() == 0)
      times[i] = std::chrono::milliseconds::max();
  }
  return times;
}

/// Without an answer for so long a host counts as silent, whoever ended the wait; an asker in a
/// hurry says nothing about it.
constexpr std::chrono::seconds long_silence{1};

/// While requests are on the wire, hosts are looked at so often.
constexpr std::chrono::seconds silence_watch{5};

using resident_base = resident<http_actor::extend<caf::reacts_to<tick>, draining>>;

class http_impl final : public resident_base, private http::listener {
public:
  http_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit, const tutti::config& settings,
            std::unique_ptr<http::client> transport, logger log, std::shared_ptr<vitals> life)
      : resident_base(cfg, std::move(unit)), settings_(settings.http), retry_(settings.retry),
        read_timeouts_(read_timeouts(settings)), groups_(http::host_groups(settings.hosts)),
        reports_(host_names(settings), life, log), transport_(std::move(transport)),
        log_(std::move(log)), life_(std::move(life)),
        hosts_(4, http::admission{settings_.max_in_flight, settings_.max_queued}) {
    transport_->listen(this);
  }

  const char* name() const override { return "tutti.http"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](http_call& call) { return on_call(std::move(call)); },
        [this](cancel_call what) { on_cancel(what.ticket); },
        [this](await_session_demand) { return on_lender_ready(); },
        [this](lease_session& given) { on_lease(given); },
        [this](refuse_session& refused) { on_refusal(refused); },
        [this](tick) { on_tick(); },
        [this](drain) { return on_drain(); },
    };
  }

  void on_exit() override {
    transport_->listen(nullptr);
    transport_.reset();
    auto why = ending();
    for (auto id : calls_.ids())
      settle(id, why);
    sessions_.end(why);
    if (idle_.pending())
      idle_.deliver(drained{});
  }

private:
  using call_id = slab<pending_call>::id;
  using answer = caf::typed_response_promise<http_response>;

  // -- arrival ----------------------------------------------------------------

  answer on_call(http_call&& call) {
    auto promise = make_response_promise<answer>();
    auto host = groups_[static_cast<std::size_t>(call.to)];
    if (draining_) {
      promise.deliver(to_error({errc::shutting_down, "the bot is stopping", 0, {}}));
      return promise;
    }
    if (reports_.name(host).empty()) {
      promise.deliver(to_error({errc::misconfigured,
                                call.request.target + ": no host is configured for it; set host, "
                                                      "or the host of pod, agent, keyManager or "
                                                      "sessionAuth",
                                0,
                                {}}));
      return promise;
    }
    if (!hosts_[host].admit(!call.authorized)) {
      promise.deliver(to_error({errc::overloaded,
                                std::to_string(hosts_[host].held()) +
                                    " requests wait for this host already; ask less at once or "
                                    "raise http.maxQueued",
                                0,
                                {}}));
      return promise;
    }
    auto time = now();
    auto due = due_time(time, call.timeout, read_timeouts_[static_cast<std::size_t>(call.to)]);
    auto ticket = call.ticket;
    auto id = calls_.insert({.call = std::move(call),
                             .promise = promise,
                             .host = host,
                             .arrived = time,
                             .due = due,
                             .trace = make_trace(random_())});
    calls_.find(id)->endpoint = life_->endpoints.row_of(calls_.find(id)->call.request.target);
    calls_.find(id)->deadline = deadlines_.keep(this, due, id);
    if (ticket)
      tickets_[ticket] = id;
    proceed(id);
    show(host);
    return promise;
  }

  /// Into the line when the session is there, else among those who wait for it.
  void proceed(call_id id) {
    auto& one = *calls_.find(id);
    if (one.call.authorized && !sessions_.usable(one.call.as))
      return want_session(id);
    // A login goes first: others wait for it.
    auto where = one.call.authorized ? http::admission::place::back : http::admission::place::front;
    switch (hosts_[one.host].arrive(id, where)) {
    case http::admission::decision::go:
      return send(id);
    case http::admission::decision::wait:
      one.at = pending_call::stage::in_line;
    }
  }

  void send(call_id id) {
    auto& one = *calls_.find(id);
    one.at = pending_call::stage::in_flight;
    headers_.clear();
    if (one.call.authorized) {
      const auto& given = *sessions_.usable(one.call.as);
      one.session_number = given.number;
      headers_ = given.header;
    }
    wire::append_trace_header(headers_, trace_of(one));
    one.sent = now();
    if (one.attempts == 0)
      one.first_sent = one.sent;
    if (!std::exchange(watched_[one.host], true))
      silences_.keep(this, one.sent + silence_watch, one.host);
    transport_->send(id, {one.call.to, one.call.request.method, one.call.request.target, headers_,
                          one.call.request.body});
  }

  /// Sends from the line while the host has room.
  void pump(std::size_t host) {
    auto in_line = [this](call_id id) {
      auto* one = calls_.find(id);
      return one && one->at == pending_call::stage::in_line;
    };
    while (auto id = hosts_[host].next(in_line)) {
      auto& one = *calls_.find(id);
      if (one.call.authorized && !sessions_.usable(one.call.as)) {
        hosts_[host].leave(); // Its session went bad while it stood in line.
        want_session(id);
      } else {
        send(id);
      }
    }
  }

  // -- sessions ---------------------------------------------------------------

  void want_session(call_id id) {
    auto& one = *calls_.find(id);
    one.at = pending_call::stage::waiting_for_session;
    sessions_.await(one.call.as, id);
  }

  session_leases::demand_promise on_lender_ready() {
    auto promise = make_response_promise<session_leases::demand_promise>();
    sessions_.lender_waits(promise);
    return promise;
  }

  void on_lease(lease_session& given) {
    for (auto id : sessions_.lend(given))
      if (calls_.find(id))
        proceed(id);
  }

  void on_refusal(const refuse_session& refused) {
    for (auto id : sessions_.refuse(refused.as))
      settle(id, refused.why);
  }

  /// A 401: the first for this session wants a new one, a late one joins those who use the newer.
  void renew(call_id id) {
    auto& one = *calls_.find(id);
    one.renewed = true;
    if (sessions_.expired(one.call.as, one.session_number)) {
      life_->renewals.add();
      log_.info("session_expired", {{"identity", identity_text(one.call.as)}});
    }
    proceed(id);
  }

  static std::string identity_text(const identity& as) {
    return as.is_bot() ? "bot" : std::to_string(as.user().value());
  }

  // -- the end of a call ------------------------------------------------------

  /// Called by the transport, on the loop.
  void completed(http::exchange_id id, http::outcome how) override {
    enter([&] { on_completed(id, std::move(how)); });
  }

  void on_completed(call_id id, http::outcome how) {
    auto* one = calls_.find(id);
    if (!one)
      return;
    auto host = one->host;
    hosts_[host].leave();
    if (log_.keeps(log_level::debug))
      tell(*one, how.answer);
    if (how.stale_connection && one->call.request.repeat_safe && !one->resent) {
      one->resent = true;
      proceed(id);
    } else {
      count(*one, how.answer);
      if (how.answer && how.answer->status == 401 && one->call.authorized && !one->renewed)
        renew(id);
      else if (auto wait = next_attempt(*one, how.answer))
        back_off(id, *wait, how.answer);
      else
        conclude(id, std::move(how.answer));
    }
    pump(host);
    show(host);
    tell_if_idle();
  }

  // -- how hosts fare -----------------------------------------------------------

  void count(const pending_call& one, const result<http_response>& outcome) {
    auto time = now();
    life_->endpoints.ended(one.endpoint, end_of(outcome), time - one.sent);
    if (!outcome || outcome->status >= 500)
      reports_.silent(one.host, one.sent, words_of(outcome));
    else if (reports_.answered(one.host, time))
      wake(one.host);
  }

  /// Who waits for another attempt need not wait any longer; not all at once.
  void wake(std::size_t host) {
    for (auto id : calls_.ids()) {
      auto& one = *calls_.find(id);
      if (one.at != pending_call::stage::backing_off || one.host != host || one.told_to_wait)
        continue;
      retries_.remove(one.retry);
      auto most = std::max<std::int64_t>(retry_.initial_interval.count(), 1);
      one.retry = retries_.keep(
          this, now() + std::chrono::milliseconds{static_cast<std::int64_t>(random_() % most)}, id);
    }
  }

  /// Requests that hang say so long before their deadlines do.
  void look_for_silence(std::size_t host) {
    watched_[host] = hosts_[host].in_flight() > 0;
    if (!watched_[host])
      return;
    auto time = now();
    silences_.keep(this, time + silence_watch, host);
    auto oldest = time;
    for (auto id : calls_.ids())
      if (const auto& one = *calls_.find(id);
          one.host == host && one.at == pending_call::stage::in_flight)
        oldest = std::min(oldest, one.sent);
    if (time - oldest >= silence_watch)
      reports_.silent(host, oldest,
                      "no answer since " + std::to_string(rounded(time - oldest).count()) + " ms");
  }

  void show(std::size_t host) {
    reports_.load(host, hosts_[host].in_flight(), hosts_[host].taken_in());
  }

  /// One line for each exchange; the query stays out of it.
  void tell(const pending_call& one, const result<http_response>& answer) {
    log_.debug("exchange", {{"method", std::string{to_string(one.call.request.method)}},
                            {"path", path_of(one.call.request.target)},
                            {"status", answer ? std::to_string(answer->status)
                                              : std::string{to_string(answer.error().error)}},
                            {"ms", std::to_string(rounded(now() - one.sent).count())},
                            {"trace", std::string{trace_of(one)}}});
  }

  void conclude(call_id id, result<http_response> answer) {
    auto& one = *calls_.find(id);
    if (!answer) {
      auto why = answer.error();
      if (one.attempts > 1)
        why.detail += "; gave up after " + std::to_string(one.attempts) + " attempts";
      why.detail.append(" (trace ").append(trace_of(one)).append(")");
      return settle(id, why);
    }
    answer->trace = trace_of(one);
    if (answer->status == 401 && one.call.authorized)
      return settle(id,
                    wire::refusal(one.call.request.target + " with a renewed session", *answer));
    if (auto ended = end(id))
      ended->promise.deliver(std::move(*answer));
  }

  // -- once more ----------------------------------------------------------------

  /// Counts the attempt.
  std::optional<std::chrono::milliseconds> next_attempt(pending_call& one,
                                                        const result<http_response>& outcome) {
    if (outcome && outcome->status < 400)
      return std::nullopt;
    ++one.attempts;
    auto time = now();
    return http::next_attempt(retry_,
                              {one.attempts, one.call.request.repeat_safe,
                               rounded(time - one.first_sent), rounded(one.due - time)},
                              outcome, std::uniform_real_distribution<>{0, 1}(random_));
  }

  void back_off(call_id id, std::chrono::milliseconds wait, const result<http_response>& outcome) {
    auto& one = *calls_.find(id);
    one.at = pending_call::stage::backing_off;
    one.before = words_of(outcome);
    one.told_to_wait = outcome && outcome->retry_after.has_value();
    one.retry = retries_.keep(this, now() + wait, id);
    life_->retries.add();
    log_.info("retry", {{"path", path_of(one.call.request.target)},
                        {"attempt", std::to_string(one.attempts)},
                        {"after", one.before},
                        {"wait_ms", std::to_string(wait.count())},
                        {"trace", std::string{trace_of(one)}}});
  }

  void on_tick() {
    auto time = now();
    deadlines_.on_tick(this, time, [this](auto id) { on_deadline(id); });
    silences_.on_tick(this, time, [this](auto host) { look_for_silence(host); });
    retries_.on_tick(this, time, [this](auto id) {
      if (auto* one = calls_.find(id)) {
        one->retry = 0;
        proceed(id);
      }
    });
  }

  void on_cancel(call_ticket ticket) {
    auto found = tickets_.find(ticket);
    if (found == tickets_.end())
      return;
    give_up(found->second, failure{errc::cancelled, "the asker took the call back", 0, {}});
  }

  void on_deadline(call_id id) {
    auto* one = calls_.find(id);
    if (!one)
      return;
    give_up(id, failure{errc::deadline_exceeded, too_late(*one, reports_.name(one->host)), 0, {}});
  }

  void give_up(call_id id, const failure& why) {
    auto* one = calls_.find(id);
    if (!one)
      return;
    auto host = one->host;
    switch (one->at) {
    case pending_call::stage::in_flight:
      transport_->cancel(id);
      hosts_[host].leave();
      life_->endpoints.ended(one->endpoint, exchange_end::given_up);
      if (auto waited = now() - one->sent; waited >= long_silence)
        reports_.silent(host, one->sent,
                        "no answer within " + std::to_string(rounded(waited).count()) + " ms");
      break;
    case pending_call::stage::in_line:
    case pending_call::stage::backing_off:
      break; // Its place is skipped when its turn comes.
    case pending_call::stage::waiting_for_session:
      sessions_.leave(one->call.as, id);
      break;
    }
    settle(id, why);
    pump(host);
    show(host);
    tell_if_idle();
  }

  void settle(call_id id, const failure& why) {
    if (auto ended = end(id))
      ended->promise.deliver(to_error(why));
  }

  /// Takes the call out of every table.
  std::optional<pending_call> end(call_id id) {
    auto ended = calls_.take(id);
    if (ended) {
      deadlines_.remove(ended->deadline);
      if (ended->retry)
        retries_.remove(ended->retry);
      hosts_[ended->host].dismiss(!ended->call.authorized);
      if (ended->call.ticket)
        tickets_.erase(ended->call.ticket);
    }
    return ended;
  }

  void tell_if_idle() {
    if (idle_.pending() && std::all_of(hosts_.begin(), hosts_.end(),
                                       [](const auto& each) { return each.in_flight() == 0; }))
      idle_.deliver(drained{});
  }

  caf::typed_response_promise<drained> on_drain() {
    draining_ = true;
    idle_ = make_response_promise<caf::typed_response_promise<drained>>();
    auto promise = idle_;
    tell_if_idle();
    return promise;
  }

  http_config settings_;
  retry_config retry_;
  /// By service.
  std::array<std::chrono::milliseconds, 4> read_timeouts_;
  std::array<std::size_t, 4> groups_;
  host_reports reports_;
  std::unique_ptr<http::client> transport_;
  logger log_;
  std::shared_ptr<vitals> life_;
  slab<pending_call> calls_;
  ticking_deadlines deadlines_;
  ticking_deadlines retries_;
  /// By host: while requests are on the wire.
  ticking_deadlines silences_;
  std::array<bool, 4> watched_{};
  std::mt19937_64 random_{std::random_device{}()};
  /// Of the call being sent; kept for its capacity.
  std::string headers_;
  std::unordered_map<call_ticket, call_id> tickets_;
  std::vector<http::admission> hosts_;
  session_leases sessions_;
  bool draining_ = false;
  caf::typed_response_promise<drained> idle_;
};

} // namespace

http_actor spawn_http(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                      const config& settings, std::unique_ptr<http::client> transport,
                      const logger& log, std::shared_ptr<vitals> life) {
  return spawn_resident<http_impl>(system, unit, settings, std::move(transport), log,
                                   std::move(life));
}

} // namespace tutti
