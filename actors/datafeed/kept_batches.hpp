// Brings events into the journal and to dispatch, one batch at a time; part of the datafeed actor.
#pragma once

#include <actors/requests/tick.hpp>
#include <actors/telemetry/telemetry.hpp>

#include <tutti/log.hpp>
#include <tutti/protocol/dispatch.hpp>
#include <tutti/protocol/journal.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tutti {

/// Where a batch comes from: nowhere (it is for the position only), the feed, or histories.
enum class batch_source : std::uint8_t { position, feed, histories };

class kept_batches {
public:
  struct surroundings {
    journal_actor journal;
    dispatch_actor dispatch;
    /// What the journal has survives the process.
    bool durable;
    /// If it does not: how long the ends of the events are waited for.
    std::chrono::milliseconds ack_within;
    std::shared_ptr<telemetry> life;
    logger log;
    ticking_timers& timers;
    /// A batch may be acknowledged, and there is room for the next.
    std::function<void(batch_source)> kept;
  };

  explicit kept_batches(surroundings around) : around_(std::move(around)) {}

  /// Why the journal is not written; empty: it is.
  const std::string& trouble() const noexcept { return trouble_; }

  /// Keeps it, once those before it are kept. Until that succeeds nothing is acknowledged, nor
  /// read.
  template <class Self>
  void add(Self* self, batch_source source, append_events&& what) {
    waiting_.push_back({source, std::move(what)});
    if (waiting_.size() == 1)
      keep(self);
  }

  /// Whether one from there is not kept yet.
  bool holds(batch_source source) const {
    return std::any_of(waiting_.begin(), waiting_.end(),
                       [source](const auto& each) { return each.source == source; });
  }

  /// The journal could not be written: `what` is due after a pause, unless the bot is stopping.
  template <class Self>
  void not_written(Self* self, const failure& why, const char* log_as, std::uint64_t what) {
    if (why.error == errc::shutting_down || stopped_)
      return;
    if (std::exchange(trouble_, to_string(why)) != trouble_)
      around_.log.error(log_as, {{"why", trouble_}});
    around_.life->board.raise(journal_trouble, trouble_);
    around_.timers.keep(self, self->system().clock().now() + pause, what);
  }

  void written() {
    if (!trouble_.empty())
      around_.log.info("journal_written_again");
    trouble_.clear();
    around_.life->board.clear(journal_trouble);
  }

  /// False for a timer of the actor's own.
  template <class Self>
  bool on_timer(Self* self, std::uint64_t what) {
    if (what == keep_again)
      keep(self);
    else if (what == ack_overdue)
      acknowledge(self);
    else
      return false;
    return true;
  }

  void stop() noexcept { stopped_ = true; }
  /// On exit.
  void end() {
    stop();
    around_.journal = nullptr;
    around_.dispatch = nullptr;
  }

private:
  struct batch {
    batch_source source;
    append_events what;
  };

  template <class Self>
  void keep(Self* self) {
    self->request(around_.journal, caf::infinite, append_events{waiting_.front().what})
        .then([this, self](const append_outcome& outcome) { kept(self, outcome); },
              [this, self](const caf::error& error) {
                not_written(self, to_failure(error), "events_not_kept", keep_again);
              });
  }

  template <class Self>
  void kept(Self* self, const append_outcome& outcome) {
    written();
    around_.life->heard.duplicates.add(outcome.duplicates);
    take_events fresh{outcome.fresh};
    std::vector<std::uint64_t> numbers;
    numbers.reserve(fresh.events.size());
    for (const auto& each : fresh.events)
      numbers.push_back(each.number);
    waiting_for_room_ = true;
    waiting_for_ends_ = !around_.durable && !numbers.empty();
    self->request(around_.dispatch, caf::infinite, std::move(fresh))
        .then(
            [this, self](const events_taken&) {
              waiting_for_room_ = false;
              go_on(self);
            },
            [](const caf::error&) {}); // It has ended, and so shall we.
    if (!waiting_for_ends_)
      return;
    self->request(around_.dispatch, caf::infinite, await_ended{std::move(numbers)})
        .then(
            [this, self, which = ++count_](const all_ended&) {
              if (which == count_) // Not one that was acknowledged before its end.
                acknowledge(self);
            },
            [](const caf::error&) {});
    ack_timer_ =
        around_.timers.keep(self, self->system().clock().now() + around_.ack_within, ack_overdue);
  }

  /// The batch has ended, or waits no longer.
  template <class Self>
  void acknowledge(Self* self) {
    if (!std::exchange(waiting_for_ends_, false))
      return;
    around_.timers.remove(ack_timer_);
    go_on(self);
  }

  template <class Self>
  void go_on(Self* self) {
    if (waiting_for_room_ || waiting_for_ends_ || stopped_)
      return;
    const auto source = waiting_.front().source;
    waiting_.pop_front();
    if (!waiting_.empty())
      keep(self);
    around_.kept(source);
  }

  /// What health calls it.
  static constexpr const char* journal_trouble = "journal";
  /// Timers; the actor's own have smaller numbers.
  static constexpr std::uint64_t keep_again = 1'000;
  static constexpr std::uint64_t ack_overdue = 1'001;
  static constexpr std::chrono::milliseconds pause{1'000};

  surroundings around_;
  /// The first one is being kept.
  std::deque<batch> waiting_;
  std::string trouble_;
  /// Of the batches that were waited for.
  std::uint64_t count_ = 0;
  bool waiting_for_room_ = false;
  bool waiting_for_ends_ = false;
  timer_wheel::token ack_timer_ = 0;
  bool stopped_ = false;
};

} // namespace tutti
