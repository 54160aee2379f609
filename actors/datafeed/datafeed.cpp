// The datafeed actor: carries out what a feed_course decides; nothing is acknowledged that the
// journal does not keep.
#include <actors/datafeed/datafeed.hpp>

#include <actors/datafeed/feed_course.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/drain.hpp>
#include <actors/requests/tick.hpp>
#include <wire/agent/datafeed.hpp>
#include <wire/agent/events.hpp>

#include <caf/send.hpp>

#include <random>

namespace tutti {

namespace {

/// What health calls them.
constexpr const char* feed_trouble = "feed";
constexpr const char* journal_trouble = "journal";

using datafeed_base = resident<datafeed_actor::extend<caf::reacts_to<tick>, draining>>;

class datafeed_impl final : public datafeed_base {
public:
  datafeed_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
                const tutti::config& settings, const core& below, bool listens, bool durable,
                logger log, std::shared_ptr<telemetry> life, std::uint64_t seed)
      : datafeed_base(cfg, std::move(unit)), settings_(settings.datafeed), http_(below.http),
        auth_(below.auth), journal_(below.journal), dispatch_(below.dispatch), listens_(listens),
        durable_(durable), log_(std::move(log)), telemetry_(std::move(life)), random_(seed) {
    if (settings_.tag.empty())
      settings_.tag = settings.bot.username.substr(0, longest_tag);
  }

  const char* name() const override { return "tutti.datafeed"; }

protected:
  behavior_type make_behavior() override {
    if (listens_)
      open();
    return {
        [this](describe_feed) { return describe(); },
        [this](tick) { timers_.on_tick(this, now(), [this](auto what) { on_timer(what); }); },
        [this](drain) { return on_drain(); },
    };
  }

  void on_exit() override {
    stop_reading();
    drain_.update(true);
    http_ = nullptr;
    auth_ = nullptr;
    journal_ = nullptr;
    dispatch_ = nullptr;
  }

private:
  // -- the way to the first read --------------------------------------------------------

  void open() {
    ask(
        journal_, open_journal{},
        [this](const journal_contents& found) {
          trouble_.clear();
          course_.emplace(settings_.tag, found.feed, settings_.max_interval);
          await_dispatch();
        },
        [this](const caf::error& error) {
          again(opening, error, "journal_not_open", journal_pause);
        });
  }

  /// What an earlier process has left goes first.
  void await_dispatch() {
    ask(
        dispatch_, take_events{}, [this](const events_taken&) { find_out_who_we_are(); },
        [](const caf::error&) {}); // It has ended, and so shall we.
  }

  void find_out_who_we_are() {
    ask(
        auth_, whoami{},
        [this](const caller_info& found) {
          trouble_.clear();
          own_ = found.id;
          carry_out(course_->begin());
        },
        [this](const caf::error& error) { again(asking_who, error, {}, first_login_pause); });
  }

  /// Once more after a pause, unless the bot is stopping.
  void again(std::uint64_t what, const caf::error& error, const char* log_as,
             std::chrono::milliseconds pause) {
    auto why = to_failure(error);
    if (why.error == errc::shutting_down || stopped_)
      return;
    if (std::exchange(trouble_, to_string(why)) != trouble_ && log_as)
      log_.error(log_as, {{"why", trouble_}});
    if (what == opening || what == keeping)
      telemetry_->board.raise(journal_trouble, trouble_);
    timers_.keep(this, now() + pause, what);
  }

  void on_timer(std::uint64_t what) {
    if (stopped_)
      return;
    switch (what) {
    case opening:
      return open();
    case asking_who:
      return find_out_who_we_are();
    case keeping:
      return keep();
    case ack_overdue:
      return acknowledge();
    case going_on:
      return go_on();
    default:
      return carry_out(course_->waited());
    }
  }

  // -- carrying out -----------------------------------------------------------------------

  void carry_out(feed_course::next step) {
    if (stopped_)
      return;
    switch (step.then) {
    case feed_course::action::list:
      return call(wire::list_feeds(step.tag), {}, [this](const http_response& answer) {
        auto ids = wire::read_feeds(answer);
        if (!ids)
          return failed(ids.error(), &answer);
        carry_out(course_->listed(*ids));
      });
    case feed_course::action::create:
      return call(wire::create_feed(step.tag, settings_.include_invisible), {},
                  [this](const http_response& answer) {
                    auto id = wire::read_feed(answer);
                    if (!id)
                      return failed(id.error(), &answer);
                    log_.info("feed_created", {{"feed", *id}, {"tag", settings_.tag}});
                    carry_out(course_->created(std::move(*id)));
                  });
    case feed_course::action::read:
      return call(wire::poll_feed(step.at.feed, step.at.ack_id, settings_.update_presence),
                  poll_patience, [this](const http_response& answer) { on_batch(answer); });
    case feed_course::action::remove:
      log_.error("feed_lost",
                 {{"feed", step.at.feed},
                  {"why", "the agent does not know it any more; events since the last read may be "
                          "missing"}});
      return call(wire::delete_feed(step.at.feed), {},
                  [this](const http_response&) { carry_out(course_->removed()); });
    case feed_course::action::wait:
      timers_.keep(this, now() + step.wait, pausing);
      return;
    }
  }

  /// `patience`: 0 for what is usual; a read is a long poll.
  template <class Then>
  void call(http_request request, std::chrono::milliseconds patience, Then then) {
    auto what = to_agent({}, std::move(request));
    what.long_poll = patience.count() > 0;
    what.timeout = patience;
    what.ticket = under_way_ = call_ticket::next();
    ask(
        http_, std::move(what),
        [this, then](const http_response& answer) {
          if (!stopped_)
            then(answer);
        },
        [this](const caf::error& error) { failed(to_failure(error), nullptr); });
  }

  void failed(const failure& why, const http_response* answer) {
    if (stopped_ || why.error == errc::shutting_down)
      return;
    course_->set_chance(std::uniform_real_distribution<>{0, 1}(random_));
    auto step = course_->failed(why, answer);
    // Its text has a trace id, another one each time.
    const auto kind = std::pair{why.error, why.status};
    if (std::exchange(last_trouble_, kind) != kind)
      log_.warn("feed_not_read", {{"feed", course_->at().feed}, {"why", course_->trouble()}});
    telemetry_->board.raise(feed_trouble, course_->trouble());
    carry_out(std::move(step));
  }

  // -- a batch ----------------------------------------------------------------------------

  void on_batch(const http_response& answer) {
    auto batch = wire::read_events(answer);
    if (!batch)
      return failed(batch.error(), &answer);
    if (std::exchange(last_trouble_, std::nullopt))
      log_.info("feed_read_again", {{"feed", course_->at().feed}});
    telemetry_->board.clear(feed_trouble);
    last_read_ = now();
    if (batch->unreadable > 0)
      log_.warn("events_not_read", {{"count", std::to_string(batch->unreadable)}});
    pending_.at = {course_->at().feed, std::move(batch->ack_id)};
    pending_.events.clear();
    for (auto& each : batch->events)
      if (settings_.own_events || each.initiator != own_)
        pending_.events.push_back(
            {each.kind, std::move(each.key), std::move(each.stream),
             std::chrono::system_clock::time_point{std::chrono::milliseconds{each.at}}, false,
             std::move(each.body)});
    keep();
  }

  /// Until it succeeds: before that nothing is acknowledged, nor read.
  void keep() {
    ask(
        journal_, append_events{pending_}, [this](const append_outcome& outcome) { kept(outcome); },
        [this](const caf::error& error) {
          again(keeping, error, "events_not_kept", journal_pause);
        });
  }

  void kept(const append_outcome& outcome) {
    if (!trouble_.empty())
      log_.info("journal_written_again");
    trouble_.clear();
    telemetry_->board.clear(journal_trouble);
    take_events fresh{outcome.fresh};
    std::vector<std::uint64_t> numbers;
    numbers.reserve(fresh.events.size());
    for (const auto& each : fresh.events)
      numbers.push_back(each.number);
    waiting_for_room_ = true;
    waiting_for_ends_ = !durable_ && !numbers.empty();
    ask(
        dispatch_, std::move(fresh),
        [this](const events_taken&) {
          waiting_for_room_ = false;
          go_on();
        },
        [](const caf::error&) {});
    if (!waiting_for_ends_)
      return;
    ask(
        dispatch_, await_ended{std::move(numbers)},
        [this, which = ++batch_](const all_ended&) {
          if (which == batch_) // Not one that was acknowledged before its end.
            acknowledge();
        },
        [](const caf::error&) {});
    ack_timer_ = timers_.keep(this, now() + settings_.ack_within, ack_overdue);
  }

  /// The batch has ended, or waits no longer.
  void acknowledge() {
    if (!std::exchange(waiting_for_ends_, false))
      return;
    timers_.remove(ack_timer_);
    go_on();
  }

  void go_on() {
    if (waiting_for_room_ || waiting_for_ends_)
      return;
    // An agent that answers at once without an event is not asked all the time.
    if (pending_.events.empty() && now() - asked_ < short_poll && !std::exchange(paused_, true)) {
      timers_.keep(this, now() + short_poll, going_on);
      return;
    }
    paused_ = false;
    asked_ = now();
    carry_out(course_->kept(pending_.at.ack_id));
  }

  // -- the end ------------------------------------------------------------------------------

  void stop_reading() {
    if (!std::exchange(stopped_, true) && http_)
      caf::anon_send(http_, cancel_call{under_way_});
  }

  drain_state::promise on_drain() {
    stop_reading();
    return drain_.begin(this, true);
  }

  feed_described describe() {
    feed_described told{{}, settings_.tag, std::nullopt, trouble_};
    if (course_) {
      told.id = course_->at().feed;
      if (!course_->trouble().empty())
        told.trouble = course_->trouble();
    }
    if (last_read_)
      told.silent_for = std::chrono::duration_cast<std::chrono::milliseconds>(now() - *last_read_);
    return told;
  }

  enum timer : std::uint64_t { opening, asking_who, keeping, ack_overdue, going_on, pausing };

  static constexpr std::size_t longest_tag = 100;
  /// The agent answers within some 30 s.
  static constexpr std::chrono::milliseconds poll_patience{45'000};
  static constexpr std::chrono::milliseconds short_poll{200};
  static constexpr std::chrono::milliseconds journal_pause{1'000};
  static constexpr std::chrono::milliseconds first_login_pause{1'000};

  datafeed_config settings_;
  http_actor http_;
  auth_actor auth_;
  journal_actor journal_;
  dispatch_actor dispatch_;
  bool listens_;
  bool durable_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  std::mt19937_64 random_;
  ticking_timers timers_;
  user_id own_;
  std::optional<feed_course> course_;
  append_events pending_;
  std::uint64_t batch_ = 0;
  /// When the last read began.
  timer_wheel::time_point asked_{};
  bool paused_ = false;
  bool waiting_for_room_ = false;
  bool waiting_for_ends_ = false;
  timer_wheel::token ack_timer_ = 0;
  call_ticket under_way_;
  std::string trouble_;
  std::optional<std::pair<errc, int>> last_trouble_;
  std::optional<timer_wheel::time_point> last_read_;
  bool stopped_ = false;
  drain_state drain_;
};

} // namespace

datafeed_actor spawn_datafeed(caf::actor_system& system, const std::shared_ptr<loop_unit>& unit,
                              const tutti::config& settings, const core& below, bool listens,
                              bool durable, const logger& log, std::shared_ptr<telemetry> life,
                              std::uint64_t seed) {
  return spawn_resident<datafeed_impl>(system, unit, settings, below, listens, durable, log,
                                       std::move(life), seed);
}

} // namespace tutti
