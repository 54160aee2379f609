// Where a bot keeps what must survive it: the events it has heard and how far it is with them.
#pragma once

#include <tutti/event.hpp>
#include <tutti/export.hpp>
#include <tutti/result.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tutti {

/// The right to write, of one process at a time; a write with an old one is refused. On one host
/// there is one holder.
struct store_lease {
  /// Chosen by each process when it starts.
  std::string holder;
  /// Grows with each new holder.
  std::uint64_t epoch = 0;

  friend bool operator==(const store_lease&, const store_lease&) = default;
};

/// A feed as the journal knows it: which one, and what to acknowledge with the next read.
struct feed_position {
  std::string feed;
  std::string ack_id;
  /// By the agent's clock: what happened before has been read from it.
  std::chrono::system_clock::time_point read_at{};
  /// By the agent's clock, since when the feeds before have been lost, until their messages have
  /// been looked for in histories.
  std::optional<std::chrono::system_clock::time_point> gap_since{};

  friend bool operator==(const feed_position&, const feed_position&) = default;
};

/// An event on its way into the journal.
struct new_event {
  event_kind kind = event_kind::other;
  /// One that the journal has already is dropped (see `journal_rules::kept`). Empty: it is new.
  std::string key;
  /// Empty for an event of no stream.
  std::string stream;
  std::chrono::system_clock::time_point at{};
  /// See `event_marks`.
  bool caught_up = false;
  /// JSON as received.
  std::string body;
};

struct stored_event {
  /// Grows in the order of the appends.
  std::uint64_t number = 0;
  new_event what;
};

/// What is kept under a name; nothing: it is removed.
struct state_change {
  /// Whose it is: a stream's, a user's, or a user's in a stream.
  std::string scope;
  std::string name;
  std::optional<std::string> value;
};

struct stored_timer {
  /// Without control characters. A timer takes the place of one with the same id.
  std::string id;
  /// Empty for one of no stream.
  std::string stream;
  std::chrono::system_clock::time_point due{};
  std::string payload;
  /// One with the same id that is set already stays.
  bool unless_set = false;
};

/// The end of an event, with all that comes of it: kept together or not at all. Of an event that
/// has ended already nothing is kept.
struct event_end {
  /// 0, with `goes_on`: of no event.
  std::uint64_t number = 0;
  /// Why it was given up; nothing: it was handled.
  std::optional<std::string> given_up{};
  std::vector<state_change> state{};
  std::vector<stored_timer> timers{};
  /// By id; of one that has become another event, which has not ended, that event ends.
  std::vector<std::string> timers_removed{};
  /// The event does not end yet: what has come of it so far.
  bool goes_on = false;
};

/// Timers that have become events.
struct timers_fired {
  std::vector<stored_event> events;
  /// When the next one is due.
  std::optional<std::chrono::system_clock::time_point> next;
};

/// The key of the event that a timer becomes.
TUTTI_API std::string key_of(const stored_timer& timer);
/// The id of the timer that has become the event of this key.
TUTTI_API std::string_view timer_id_in(std::string_view key) noexcept;

struct dead_letter {
  stored_event what;
  std::string why;
};

/// What a journal holds when it is opened.
struct journal_contents {
  store_lease lease;
  /// Nothing for a new one.
  std::optional<feed_position> feed;
  std::size_t open = 0;
  /// By stream: the newest of its events that have ended, by the agent's clock, of those still
  /// kept. Of the streams heard of last (`journal_rules::newest`).
  std::vector<std::pair<std::string, std::chrono::system_clock::time_point>> newest;
};

/// An append: what was new in it gets numbers.
struct append_outcome {
  std::vector<stored_event> fresh;
  std::size_t duplicates = 0;
};

struct journal_rules {
  /// The bot whose journal it is (pod and user name); one of another is not opened.
  std::string owner;
  /// How long an event is known after its end, to drop it when it comes again.
  std::chrono::minutes kept{15};
  /// Of how many streams the journal reports the newest event when it is opened.
  std::size_t newest = 2'000;
};

/// How many partitions streams are divided into: what a lease may be held for.
inline constexpr std::uint32_t partition_count = 64;
/// The partition of a stream; both Base64 dialects of its id give the same.
TUTTI_API std::uint32_t partition_of(std::string_view stream) noexcept;

/// Asynchronous: each operation answers once, within the call or later on a thread of the store's
/// own, and is whole or not at all. Those of one caller are carried out in their order. Errors:
/// `misconfigured` when it cannot be opened, `unreachable` when it cannot be written (now),
/// `rejected` for a lease that is not the newest.
class TUTTI_API event_store {
public:
  template <class T>
  using done = std::function<void(result<T>)>;

  virtual ~event_store() = default;

  /// Takes the lease. First of all.
  virtual void open(std::string holder, done<journal_contents> answer) = 0;

  /// Events and position together; once it answers, both survive the process, or the machine, where
  /// the store is durable.
  virtual void append(const store_lease& lease, feed_position at, std::vector<new_event> events,
                      done<append_outcome> answer) = 0;

  /// Events that have not ended, in order, with numbers above `after`.
  virtual void fetch(std::uint64_t after, std::size_t limit,
                     done<std::vector<stored_event>> answer) = 0;

  /// `now`: from when on `journal_rules::kept` counts.
  virtual void end(const store_lease& lease, std::vector<event_end> ended,
                   std::chrono::system_clock::time_point now, done<void> answer) = 0;

  virtual void state_of(std::string scope,
                        done<std::vector<std::pair<std::string, std::string>>> answer) = 0;
  /// Timers that are due by then, the earliest first, become events of the kind `timer_due` with
  /// their payload as body, and are no timers any more.
  virtual void fire_timers(const store_lease& lease, std::chrono::system_clock::time_point by,
                           std::size_t limit, done<timers_fired> answer) = 0;
  virtual void dead_letters(std::size_t limit, done<std::vector<dead_letter>> answer) = 0;

  /// Forgets events that ended before `kept`, and dead letters but the newest (a thousand in
  /// memory, ten thousand in a file); answers how many events.
  virtual void prune(std::chrono::system_clock::time_point now, done<std::size_t> answer) = 0;

  /// Whether what it has answered for survives the process.
  virtual bool durable() const noexcept = 0;
};

/// In memory: survives a restart of the bot's core, not the process. `durable`: says that it does,
/// as tests need it.
TUTTI_API std::shared_ptr<event_store> make_memory_store(journal_rules rules = {},
                                                         bool durable = false);

/// A file of SQLite, of one process at a time, written with `synchronous=FULL`. Never fails here:
/// see `open`.
TUTTI_API std::shared_ptr<event_store> make_sqlite_store(std::string path,
                                                         journal_rules rules = {});

} // namespace tutti
