// The datafeed actor: carries out what a feed_course decides; nothing is acknowledged that the
// journal does not keep.
#include <actors/datafeed/datafeed.hpp>

#include <actors/datafeed/feed_course.hpp>
#include <actors/datafeed/histories_again.hpp>
#include <actors/datafeed/kept_batches.hpp>
#include <actors/datafeed/pauses.hpp>
#include <actors/datafeed/read_batch.hpp>
#include <actors/datafeed/source.hpp>
#include <actors/datafeed/streams_heard.hpp>
#include <actors/loop/resident.hpp>
#include <actors/requests/call_answers.hpp>
#include <actors/requests/drain.hpp>
#include <actors/requests/tick.hpp>
#include <wire/agent/datafeed.hpp>

#include <caf/send.hpp>

#include <random>

namespace tutti {

namespace {

/// What health calls it.
constexpr const char* feed_trouble = "feed";

using datafeed_base = resident<datafeed_actor::extend<caf::reacts_to<tick>, draining>>;

class datafeed_impl final : public datafeed_base {
public:
  datafeed_impl(caf::actor_config& cfg, std::shared_ptr<loop_unit> unit,
                const tutti::config& settings, const core& below, bool listens, bool durable,
                logger log, std::shared_ptr<telemetry> life, std::uint64_t seed)
      : datafeed_base(cfg, std::move(unit)), settings_(settings.datafeed), source_(settings),
        below_(below), listens_(listens), log_(std::move(log)), telemetry_(std::move(life)),
        random_(seed), kept_({below.journal, below.dispatch, durable, settings_.ack_within,
                              telemetry_, log_, timers_, [this](auto from) { kept(from); }}) {}

  const char* name() const override { return "tutti.datafeed"; }

protected:
  behavior_type make_behavior() override {
    if (listens_)
      open();
    return {
        [this](describe_feed) { return describe(); },
        [this](tick) { timers_.on_tick(this, now(), [this](auto what) { on_timer(what); }); },
        [this](drain) {
          stop_reading();
          return drain_.begin(this, true);
        },
    };
  }

  void on_exit() override {
    stop_reading();
    drain_.update(true);
    kept_.end();
    again_.reset();
    below_ = {};
  }

private:
  // -- the way to the first read --------------------------------------------------------

  void open() {
    ask(
        below_.journal, open_journal{},
        [this](const journal_contents& found) {
          kept_.written();
          position_ = found.feed.value_or(feed_position{});
          streams_heard_ = {settings_.catch_up, found.newest};
          course_ = source_.course(found.feed);
          await_dispatch();
        },
        [this](const caf::error& error) {
          kept_.not_written(this, to_failure(error), "journal_not_open", opening);
        });
  }

  /// What an earlier process has left goes first.
  void await_dispatch() {
    ask(
        below_.dispatch, take_events{}, [this](const events_taken&) { find_out_who_we_are(); },
        [](const caf::error&) {}); // It has ended, and so shall we.
  }

  void find_out_who_we_are() {
    ask(
        below_.auth, whoami{},
        [this](const caller_info& found) {
          trouble_.clear();
          own_ = found.id;
          catch_up_again(); // What an earlier process has not done.
          carry_out(course_->begin());
        },
        [this](const caf::error& error) { not_known(to_failure(error)); });
  }

  void not_known(const failure& why) {
    if (why.error == errc::shutting_down || stopped_)
      return;
    trouble_ = to_string(why);
    timers_.keep(this, now() + first_login_pause, asking_who);
  }

  void on_timer(std::uint64_t what) {
    if (stopped_ || kept_.on_timer(this, what))
      return;
    switch (what) {
    case opening:
      return open();
    case asking_who:
      return find_out_who_we_are();
    case going_on:
      return go_on();
    case catching_up:
      return again_ ? again_->go_on(this) : void();
    case first_read:
      return read_at_last();
    default:
      return carry_out(course_->waited());
    }
  }

  // -- carrying out -----------------------------------------------------------------------

  void carry_out(feed_course::next step) {
    if (stopped_)
      return;
    name_feed();
    switch (step.then) {
    case feed_course::action::list:
      return call(wire::list_feeds(step.tag), {}, [this](const http_response& answer) {
        auto ids = wire::read_feeds(answer);
        if (!ids)
          return failed(ids.error(), &answer);
        carry_out(course_->listed(*ids));
      });
    case feed_course::action::create:
      return call(source_.create(), {}, [this](const http_response& answer) {
        auto id = wire::read_feed(answer);
        if (!id)
          return failed(id.error(), &answer);
        log_.info("feed_created", {{"feed", *id}, {"tag", source_.tag()}});
        carry_out(course_->created(std::move(*id)));
      });
    case feed_course::action::read:
      if (position_.feed != step.at.feed)
        return keep_position(std::move(step));
      return call(source_.read(step.at), poll_patience,
                  [this](const http_response& answer) { on_batch(answer); });
    case feed_course::action::remove:
      lost_feed(step.at.feed);
      return call(wire::delete_feed(step.at.feed), {},
                  [this](const http_response&) { carry_out(course_->removed()); });
    case feed_course::action::wait:
      return void(timers_.keep(this, now() + step.wait, pausing));
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
        below_.http, std::move(what),
        [this, then](const http_response& answer) {
          agent_now_ = agent_time(answer);
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
    if (step.position_lost)
      missing_from(step.at.feed, "the agent does not know its last ackId any more; what it has "
                                 "dropped meanwhile is missing");
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
    telemetry_->heard.last_read.set(std::chrono::system_clock::now());
    telemetry_->heard.read.add(batch->events.size());
    nothing_came_ = batch->events.empty();
    if (batch->unreadable > 0)
      log_.warn("events_not_read", {{"count", std::to_string(batch->unreadable)}});
    position_.ack_id = std::move(batch->ack_id);
    position_.read_at = read_until(*batch, answer);
    keep(batch_source::feed, std::move(batch->events));
  }

  // -- into the journal -----------------------------------------------------------------------

  /// With the position as it is by then; without what the bot has done itself.
  void keep(batch_source source, std::vector<wire::raw_event>&& events) {
    const auto own = settings_.own_events ? std::nullopt : std::optional{own_};
    append_events made{position_,
                       to_keep(std::move(events), own, source == batch_source::histories)};
    for (const auto& each : made.events)
      streams_heard_.add(each.stream);
    kept_.add(this, source, std::move(made));
  }

  void kept(batch_source source) {
    switch (source) {
    case batch_source::position:
      return position_kept();
    case batch_source::feed:
      return go_on();
    case batch_source::histories:
      return keep_caught_up();
    }
  }

  void go_on() {
    // An agent that answers at once without an event is not asked all the time.
    if (nothing_came_ && now() - asked_ < short_poll && !std::exchange(paused_, true)) {
      timers_.keep(this, now() + short_poll, going_on);
      return;
    }
    paused_ = false;
    asked_ = now();
    carry_out(course_->kept(position_.ack_id));
  }

  // -- a feed that is new, after one that was lost -------------------------------------------

  /// Before its first read: should it be lost, it is known since when events may be missing.
  void keep_position(feed_course::next read) {
    const auto first = position_.feed.empty();
    position_.feed = read.at.feed;
    position_.ack_id.clear();
    if (first || position_.gap_since)
      position_.read_at = agent_now_;
    if (first)
      known_since_ = agent_now_ - std::chrono::seconds{2}; // Dates are exact to a second.
    first_read_ = std::move(read);
    keep(batch_source::position, {});
  }

  void position_kept() {
    catch_up_again();
    if (!again_)
      return read_at_last();
    // Older messages go first, unless that takes long.
    timers_.keep(this, now() + longest_head_start, first_read);
  }

  void read_at_last() {
    if (first_read_)
      carry_out(*std::exchange(first_read_, std::nullopt));
  }

  void lost_feed(const std::string& feed) {
    again_.reset();
    const auto since = position_.read_at;
    if (settings_.catch_up > 0)
      position_.gap_since = std::min(position_.gap_since.value_or(since), since);
    missing_from(feed, "the agent refuses to read it; messages are looked for in histories, other "
                       "events are missing");
  }

  void missing_from(const std::string& feed, const char* why) {
    telemetry_->heard.feeds_lost.add();
    telemetry_->heard.missing_since.set(position_.read_at);
    log_.error("feed_lost", {{"feed", feed}, {"why", why}});
  }

  /// Beside the reads. Should the bot end meanwhile, the next process does all of this again.
  void catch_up_again() {
    if (!position_.gap_since || again_)
      return;
    again_ = std::make_shared<histories_again>(
        histories_again::surroundings{below_.http, below_.streams, [this] { keep_caught_up(); },
                                      [this](std::chrono::milliseconds pause) {
                                        timers_.keep(this, now() + pause, catching_up);
                                      }},
        catch_up{std::max(*position_.gap_since - filed_late, known_since_), settings_.catch_up});
    again_->begin(this, streams_heard_.newest_first());
  }

  /// One part after the other.
  void keep_caught_up() {
    if (stopped_ || !again_ || kept_.holds(batch_source::histories))
      return;
    auto found = again_->course().take();
    if (!found.empty()) {
      again_->ask_more(this);
      return keep(batch_source::histories, std::move(found));
    }
    if (!again_->done())
      return;
    const auto ended = std::exchange(again_, nullptr);
    position_.gap_since.reset(); // In the journal with the next batch.
    ended->log_end(log_);
    read_at_last();
  }

  // -- the end ------------------------------------------------------------------------------

  void stop_reading() {
    kept_.stop();
    again_.reset();
    if (!std::exchange(stopped_, true) && below_.http)
      caf::anon_send(below_.http, cancel_call{under_way_});
  }

  feed_described describe() {
    feed_described told{named_, source_.tag(), std::nullopt, kept_.trouble()};
    for (const auto& why : {trouble_, course_ ? course_->trouble() : std::string{}})
      if (!why.empty())
        told.trouble = why;
    if (last_read_)
      told.silent_for = std::chrono::duration_cast<std::chrono::milliseconds>(now() - *last_read_);
    return told;
  }

  void name_feed() {
    if (std::exchange(named_, course_->at().feed) != course_->at().feed)
      telemetry_->feed.set(named_, source_.tag());
  }

  enum timer : std::uint64_t { opening, asking_who, going_on, catching_up, first_read, pausing };

  datafeed_config settings_;
  source source_;
  core below_;
  bool listens_;
  logger log_;
  std::shared_ptr<telemetry> telemetry_;
  std::mt19937_64 random_;
  ticking_timers timers_;
  user_id own_;
  std::optional<feed_course> course_;
  kept_batches kept_;
  /// As of the newest batch.
  feed_position position_;
  /// Of its last answer.
  std::chrono::system_clock::time_point agent_now_ = std::chrono::system_clock::now();
  /// When this bot's first feed was made, if by this process.
  std::chrono::system_clock::time_point known_since_{};
  streams_heard streams_heard_;
  /// Null: nothing is looked for in histories.
  std::shared_ptr<histories_again> again_;
  /// Of a new feed, until it may be read.
  std::optional<feed_course::next> first_read_;
  /// As health shows it.
  std::string named_;
  /// When the last read began.
  timer_wheel::time_point asked_{};
  bool paused_ = false;
  /// The last read brought no event, not even an own one.
  bool nothing_came_ = false;
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
