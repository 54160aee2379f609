// The dispatch actor: hands events to handlers, tries those that fail again, and reports the ends
// to the journal.
#include <actors/dispatch/dispatch.hpp>

#include <actors/dispatch/backlog.hpp>
#include <actors/dispatch/due_timers.hpp>
#include <actors/dispatch/ends_awaited.hpp>
#include <actors/dispatch/journal_writer.hpp>
#include <actors/dispatch/outage.hpp>
#include <actors/dispatch/read_stored.hpp>
#include <actors/dispatch/stream_queues.hpp>
#include <actors/requests/drain.hpp>
#include <actors/requests/tick.hpp>

#include <caf/send.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace tutti {

namespace {

class dispatch_impl final : public journal_writer {
public:
  dispatch_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
                const tutti::config& settings, journal_actor journal,
                std::shared_ptr<event_listener> listener, logger log,
                std::shared_ptr<telemetry> life, wall_clock wall)
      : journal_writer(cfg, std::move(unit), std::move(journal)), settings_(settings.events),
        listener_(std::move(listener)), log_(std::move(log)), telemetry_(std::move(life)),
        wall_(std::move(wall)), backlog_(telemetry_->heard) {}

  const char* name() const override { return "tutti.dispatch"; }

protected:
  behavior_type make_behavior() override {
    if (listener_)
      open();
    return {
        [this](take_events& given) { return on_take(std::move(given)); },
        [this](await_ended what) { return awaited_.add(take_promise<all_ended>(), this, what); },
        [this](read_state& what) { return on_read(std::move(what.scope)); },
        [this](keep_state& what) {
          forget_timers(what.what);
          return on_keep(std::move(what.what));
        },
        [this](handler_ended& what) { on_ended(what); },
        [this](tick) { timers_.on_tick(this, now(), [this](auto what) { on_timer(what); }); },
        [this](drain) { return drain_.begin(this, nothing_runs()); },
    };
  }

  void on_exit() override {
    for (auto& each : taking_)
      each.fail(this, ending());
    awaited_.fail_all(this, ending());
    drain_.update(true);
    listener_ = nullptr;
    journal_writer::on_exit();
  }

private:
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
          log_.info("events_repeated", {{"count", std::to_string(got.events.size())},
                                        {"first", got.events.front().what.key}});
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
    if (auto standing = standing_timers(); !standing.empty())
      write({0, {}, {}, std::move(standing), {}, true});
    due_.set(wall_()); // What is due since an earlier process.
    fire_due();
  }

  // -- timers ---------------------------------------------------------------------------

  std::vector<stored_timer> standing_timers() {
    auto all = listener_->standing_timers(wall_());
    for (auto& each : all)
      each.unless_set = true;
    return all;
  }

  void fire_due() {
    if (recovering_ || drain_.begun() || queues_.size() >= settings_.window)
      return;
    const auto wait = due_.wait(wall_());
    if (!wait)
      return;
    if (wait->count() > 0)
      return arm(now() + *wait);
    due_.asked();
    removed_meanwhile_.clear();
    ask(
        journal_, fire_timers{wall_(), page},
        [this](const timers_fired& fired) {
          due_.answered(fired.next);
          for (auto each : fired.events)
            if (!removed_meanwhile_.contains(timer_id_in(each.what.key)))
              add(std::move(each), false);
          hand_out();
          fire_due();
        },
        [this](const caf::error& error) {
          due_.answered(wall_() + journal_pause);
          later(error, "timers_not_read", fire_again);
        });
  }

  /// One tick at a time, the earliest.
  void arm(timer_wheel::time_point at) {
    if (armed_ && armed_->at <= at)
      return;
    if (armed_)
      timers_.remove(armed_->token);
    armed_ = {timers_.keep(this, at, fire_again), at};
  }

  /// Of timers that have become events, those that wait for their turn end with it.
  void forget_timers(const event_end& left) {
    for (const auto& id : left.timers_removed) {
      removed_meanwhile_.insert(id);
      if (const auto dropped = queues_.drop_timer(id))
        backlog_.ended(*dropped);
    }
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
  bool nothing_runs() const { return handed_.empty() && all_written(); }

  void hand_out(stream_queues::held& one) {
    const auto number = one.what.number;
    const auto attempt = ++one.attempts;
    auto read = read_stored(one.what.what);
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
      return end({came.number, std::nullopt, std::move(came.what->state),
                  std::move(came.what->timers), std::move(came.what->timers_removed), false});
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
    event_end ended{number, to_string(why)};
    if (shown && shown->kind == event_kind::timer_due)
      ended.timers = listener_->timers_after(*shown, std::max(wall_(), shown->at));
    end(std::move(ended));
  }

  // -- ends -----------------------------------------------------------------------------

  void end(event_end&& what) {
    const auto number = what.number;
    forget_timers(what);
    backlog_.ended(number);
    queues_.ended(number);
    write(std::move(what));
    hand_out();
    recover_when_there_is_room();
    admit();
    fire_due();
  }

  void on_not_written(const caf::error& error) override {
    // They are not handled again: the journal gets them once it can be written.
    later(error, "ends_not_kept", retry_write);
  }

  void on_written(const std::vector<event_end>& all) override {
    for (const auto& each : all) {
      for (const auto& timer : each.timers)
        due_.set(timer.due);
      if (!each.goes_on)
        awaited_.ended(this, each.number);
    }
    fire_due();
    drain_.update(nothing_runs());
  }

  void on_timer(std::uint64_t what) {
    if (what == open_again)
      return open();
    if (what == recover_again)
      return recover(fetched_);
    if (what == retry_write)
      return write_again();
    if (what == fire_again) {
      armed_.reset();
      return fire_due();
    }
    if (auto* one = drain_.begun() ? nullptr : queues_.find(what))
      hand_out(*one);
  }

  static constexpr std::size_t page = 500;
  /// What a timer is for, beside the numbers of events that are to be handed out again.
  static constexpr std::uint64_t retry_write = 0;
  static constexpr std::uint64_t recover_again = ~std::uint64_t{0};
  static constexpr std::uint64_t open_again = recover_again - 1;
  static constexpr std::uint64_t fire_again = open_again - 1;
  static constexpr std::chrono::milliseconds journal_pause{1'000};
  static constexpr std::chrono::milliseconds longest_pause{15'000};

  events_config settings_;
  std::shared_ptr<event_listener> listener_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  wall_clock wall_;
  backlog backlog_;
  stream_queues queues_;
  /// Those that are with handlers.
  std::unordered_map<std::uint64_t, std::shared_ptr<const event>> handed_;
  bool recovering_ = true;
  bool fetching_ = false;
  bool handing_out_ = false;
  std::uint64_t fetched_ = 0;
  std::vector<unique_promise<events_taken>> taking_;
  due_timers due_;
  struct armed_tick {
    timer_wheel::token token;
    timer_wheel::time_point at;
  };
  std::optional<armed_tick> armed_;
  /// Since the journal was asked for timers that are due.
  std::set<std::string, std::less<>> removed_meanwhile_;
  ends_awaited awaited_;
  ticking_timers timers_;
  drain_state drain_;
};

} // namespace

dispatch_actor spawn_dispatch(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                              const tutti::config& settings, journal_actor journal,
                              std::shared_ptr<event_listener> listener, const logger& log,
                              std::shared_ptr<telemetry> life, wall_clock wall) {
  return spawn_resident<dispatch_impl>(system, unit, settings, std::move(journal),
                                       std::move(listener), log, std::move(life), std::move(wall));
}

} // namespace tutti
