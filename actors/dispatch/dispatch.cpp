// The dispatch actor: hands events to handlers, tries those that fail again, and reports the ends
// to the journal.
#include <actors/dispatch/dispatch.hpp>

#include <actors/dispatch/backlog.hpp>
#include <actors/dispatch/outage.hpp>
#include <actors/dispatch/stream_queues.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/drain.hpp>
#include <actors/requests/tick.hpp>
#include <wire/agent/events.hpp>

#include <caf/send.hpp>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace tutti {

/// Tell, to itself: a handler has ended.
struct handler_ended {
  std::uint64_t number = 0;
  int attempt = 0;
  std::shared_ptr<handling> what;
};

} // namespace tutti

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tutti::handler_ended)

namespace tutti {

namespace {

using dispatch_base =
    resident<dispatch_actor::extend<caf::reacts_to<handler_ended>, caf::reacts_to<tick>, draining>>;

class dispatch_impl final : public dispatch_base {
public:
  dispatch_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
                const tutti::config& settings, journal_actor journal,
                std::shared_ptr<event_listener> listener, logger log,
                std::shared_ptr<telemetry> life)
      : dispatch_base(cfg, std::move(unit)), settings_(settings.events),
        journal_(std::move(journal)), listener_(std::move(listener)), log_(std::move(log)),
        telemetry_(std::move(life)), backlog_(telemetry_->heard) {}

  const char* name() const override { return "tutti.dispatch"; }

protected:
  behavior_type make_behavior() override {
    if (listener_)
      open();
    return {
        [this](take_events& given) { return on_take(std::move(given)); },
        [this](await_ended what) { return on_await(what); },
        [this](handler_ended& what) { on_ended(what); },
        [this](tick) { timers_.on_tick(this, now(), [this](auto what) { on_timer(what); }); },
        [this](drain) { return drain_.begin(this, nothing_runs()); },
    };
  }

  void on_exit() override {
    for (auto& each : taking_)
      each.fail(this, ending());
    for (auto& each : waiting_)
      each.reply.fail(this, ending());
    drain_.update(true);
    listener_ = nullptr;
    journal_ = nullptr;
  }

private:
  /// What a timer is for, beside the numbers of events that are to be handed out again.
  static constexpr std::uint64_t retry_ends = 0;

  // -- what an earlier process has left -----------------------------------------------

  void open() {
    ask(
        journal_, open_journal{},
        [this](const journal_contents& found) {
          for (const auto& [stream, at] : found.newest)
            queues_.remember(stream, at);
          recover(0);
        },
        [this](const caf::error& error) { later(error, "journal_not_open", open_again); });
  }

  void later(const caf::error& error, const char* what, std::uint64_t again) {
    auto why = to_failure(error);
    if (why.error == errc::shutting_down)
      return;
    log_.error(what, {{"why", to_string(why)}});
    timers_.keep(this, now() + journal_pause, again);
  }

  /// Events that had not ended, page by page; new ones come after them.
  void recover(std::uint64_t after) {
    fetching_ = true;
    ask(
        journal_, fetch_events{after, page},
        [this](const events_fetched& got) {
          fetching_ = false;
          if (got.events.empty())
            return recovered();
          log_.info("events_repeated", {{"count", std::to_string(got.events.size())}});
          for (auto each : got.events)
            add(std::move(each), true);
          fetched_ = got.events.back().number;
          hand_out();
          recover_when_there_is_room();
        },
        [this](const caf::error& error) { later(error, "journal_not_read", recover_again); });
  }

  /// One page at a time: each event is queued once.
  void recover_when_there_is_room() {
    if (recovering_ && !fetching_ && queues_.size() < settings_.window)
      recover(fetched_);
  }

  void recovered() {
    recovering_ = false;
    admit();
  }

  // -- new ones -----------------------------------------------------------------------

  caf::delegated<events_taken> on_take(take_events&& given) {
    taking_.push_back(take_promise<events_taken>());
    for (auto& each : given.events)
      add(std::move(each), false);
    hand_out();
    admit();
    return {};
  }

  void add(stored_event&& what, bool repeated) {
    backlog_.came(what.number, std::chrono::system_clock::now());
    queues_.add(std::move(what), repeated);
  }

  /// Answers who brings events when there is room for more.
  void admit() {
    if (recovering_ || queues_.size() >= settings_.window)
      return;
    for (auto& each : std::exchange(taking_, {}))
      each.answer(this, events_taken{});
  }

  // -- handing out ----------------------------------------------------------------------

  /// What ends at once comes back here: the outermost call goes on with the next.
  void hand_out() {
    if (std::exchange(handing_out_, true))
      return;
    while (auto* one = drain_.begun() ? nullptr : queues_.next())
      hand_out(*one);
    handing_out_ = false;
  }

  /// No handler, and every end is in the journal.
  bool nothing_runs() const { return handed_.empty() && ends_.empty() && !reporting_; }

  void hand_out(stream_queues::held& one) {
    const auto number = one.what.number;
    const auto attempt = ++one.attempts;
    auto read = wire::read_event(one.what.what.body);
    if (!read) {
      log_.error("event_not_read",
                 {{"number", std::to_string(number)}, {"why", to_string(read.error())}});
      return give_up(number, nullptr, read.error());
    }
    auto shown = std::make_shared<event>(std::move(*read));
    shown->number = number;
    shown->marks = {one.late, one.repeated || attempt > 1, one.what.what.caught_up, attempt};
    handed_[number] = shown;
    count(shown->marks);
    auto self = caf::weak_actor_ptr{this->ctrl()};
    listener_->handle(shown, [self, number, attempt](handling what) {
      if (auto strong = caf::actor_cast<caf::strong_actor_ptr>(self))
        caf::anon_send(caf::actor_cast<caf::actor>(strong),
                       handler_ended{number, attempt, std::make_shared<handling>(std::move(what))});
    });
  }

  void count(const event_marks& marks) {
    auto& all = telemetry_->heard;
    all.running.set(handed_.size());
    all.late.add(marks.late && marks.attempt == 1 ? 1 : 0);
    all.repeated.add(marks.repeated ? 1 : 0);
    all.caught_up.add(marks.caught_up && !marks.repeated ? 1 : 0);
  }

  void on_ended(handler_ended& came) {
    auto* one = queues_.find(came.number);
    if (!one || one->attempts != came.attempt)
      return; // It has been reported before.
    auto shown = std::exchange(handed_[came.number], nullptr);
    handed_.erase(came.number);
    telemetry_->heard.running.set(handed_.size());
    handle_end(came, shown);
    drain_.update(nothing_runs());
  }

  void handle_end(handler_ended& came, const std::shared_ptr<const event>& shown) {
    if (!came.what->failed) {
      telemetry_->heard.handled.add();
      return end({came.number, std::nullopt, std::move(came.what->state), {}, {}});
    }
    const auto& why = *came.what->failed;
    if (drain_.begun())
      return; // It stays in the journal, for the next process.
    telemetry_->heard.failed.add();
    log_.warn("handler_failed", {{"event", shown->type},
                                 {"message", shown->message_id},
                                 {"attempt", std::to_string(came.attempt)},
                                 {"why", to_string(why)}});
    auto& one = *queues_.find(came.number);
    one.failures += is_outage(why) ? 0 : 1; // An outage says nothing about the handler.
    if (one.failures >= settings_.attempts)
      return give_up(came.number, shown, why);
    const auto wait = std::min<std::chrono::milliseconds>(
        settings_.initial_interval * (1 << std::min(came.attempt - 1, 10)), longest_pause);
    timers_.keep(this, now() + wait, came.number);
  }

  void give_up(std::uint64_t number, const std::shared_ptr<const event>& shown,
               const failure& why) {
    telemetry_->heard.given_up.add();
    log_.error("event_given_up", {{"number", std::to_string(number)}, {"why", to_string(why)}});
    if (shown)
      listener_->given_up(shown, why);
    end({number, to_string(why), {}, {}, {}});
  }

  // -- ends -----------------------------------------------------------------------------

  void end(event_end&& what) {
    const auto number = what.number;
    ends_.push_back(std::move(what));
    backlog_.ended(number);
    queues_.ended(number);
    report_ends();
    hand_out();
    recover_when_there_is_room();
    admit();
  }

  /// All that have come together in one question; the next one when it is answered.
  void report_ends() {
    if (reporting_ || ends_.empty())
      return;
    reporting_ = true;
    reported_ = std::exchange(ends_, {});
    ask(
        journal_, end_events{reported_},
        [this](const events_ended&) {
          reporting_ = false;
          for (const auto& each : std::exchange(reported_, {}))
            ended_in_journal(each.number);
          report_ends();
          drain_.update(nothing_runs());
        },
        [this](const caf::error& error) {
          // They are not handled again: the journal gets them once it can be written.
          ends_.insert(ends_.begin(), reported_.begin(), reported_.end());
          later(error, "ends_not_kept", retry_ends);
        });
  }

  void on_timer(std::uint64_t what) {
    if (what == open_again)
      return open();
    if (what == recover_again)
      return recover(fetched_);
    if (what == retry_ends) {
      reporting_ = false;
      return report_ends();
    }
    if (auto* one = drain_.begun() ? nullptr : queues_.find(what))
      hand_out(*one);
  }

  // -- who waits for ends ------------------------------------------------------------------

  struct wait_for_ends {
    unique_promise<all_ended> reply;
    std::set<std::uint64_t> left;
  };

  caf::delegated<all_ended> on_await(const await_ended& what) {
    auto reply = take_promise<all_ended>();
    std::set<std::uint64_t> left{what.numbers.begin(), what.numbers.end()};
    if (left.empty())
      reply.answer(this, all_ended{});
    else
      waiting_.push_back({std::move(reply), std::move(left)});
    return {};
  }

  void ended_in_journal(std::uint64_t number) {
    for (auto& each : waiting_)
      if (each.left.erase(number) > 0 && each.left.empty())
        each.reply.answer(this, all_ended{});
    std::erase_if(waiting_, [](const auto& each) { return each.left.empty(); });
  }

  static constexpr std::size_t page = 500;
  static constexpr std::uint64_t recover_again = ~std::uint64_t{0};
  static constexpr std::uint64_t open_again = recover_again - 1;
  static constexpr std::chrono::milliseconds journal_pause{1'000};
  static constexpr std::chrono::milliseconds longest_pause{15'000};

  events_config settings_;
  journal_actor journal_;
  std::shared_ptr<event_listener> listener_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  backlog backlog_;
  stream_queues queues_;
  /// Those that are with handlers.
  std::unordered_map<std::uint64_t, std::shared_ptr<const event>> handed_;
  bool recovering_ = true;
  bool fetching_ = false;
  bool handing_out_ = false;
  std::uint64_t fetched_ = 0;
  std::vector<unique_promise<events_taken>> taking_;
  std::vector<event_end> ends_;
  /// Those that the journal has not answered for yet.
  std::vector<event_end> reported_;
  bool reporting_ = false;
  std::vector<wait_for_ends> waiting_;
  ticking_timers timers_;
  drain_state drain_;
};

} // namespace

dispatch_actor spawn_dispatch(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                              const tutti::config& settings, journal_actor journal,
                              std::shared_ptr<event_listener> listener, const logger& log,
                              std::shared_ptr<telemetry> life) {
  return spawn_resident<dispatch_impl>(system, unit, settings, std::move(journal),
                                       std::move(listener), log, std::move(life));
}

} // namespace tutti
