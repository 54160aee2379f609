// The feeds of datafeed 2: a queue for each, whose batches come back unless they are acknowledged.
#pragma once

#include <emulator/state/mint.hpp>
#include <emulator/state/values.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tutti::emulator {

/// An event as it is sent: JSON of schema V4Event.
using event_text = std::shared_ptr<const std::string>;

/// What a reader of the datahose wants of all that happens on its pod.
struct hose_filter {
  std::string tag;
  /// As on the wire, e.g. `MESSAGESENT`.
  std::set<std::string, std::less<>> types;
  /// `INTERNAL`, `EXTERNAL`, `FEDERATED`; empty: all.
  std::set<std::string, std::less<>> scopes;

  friend bool operator==(const hose_filter&, const hose_filter&) = default;
};

/// Where an event happens.
struct event_place {
  std::string_view type;
  /// The companies of those who get it.
  std::set<std::int64_t> companies;
};

struct feed {
  std::string id;
  /// Empty: none.
  std::string tag;
  uid owner = 0;
  time_point created;
  time_point last_read;
  /// Not handed out, or handed out and back again.
  std::deque<event_text> waiting;

  /// Handed out and not acknowledged.
  struct batch {
    std::uint64_t number = 0;
    time_point back_at;
    std::vector<event_text> events;
  };
  std::deque<batch> out;
  /// Batches are numbered from 1.
  std::uint64_t next_batch = 1;

  /// Of a datahose; nothing for a feed.
  std::optional<hose_filter> hose{};
  /// Whose events a datahose has.
  std::int64_t company = 0;
};

/// What may go wrong with one read on purpose.
struct read_faults {
  /// What is handed out is handed out again by the next read.
  bool duplicate = false;
  /// It is handed out in the reverse order.
  bool reorder = false;
  /// The feed is gone.
  bool vanish = false;
};

/// One answer of a feed.
struct feed_batch {
  std::vector<event_text> events;
  std::string ack_id;
};

/// No documented agent says how long a batch stays invisible, how many events it may have, and what
/// an ackId releases; see pod_options for the first two. An ackId releases its own batch only.
class feeds {
public:
  feeds(const pod_options& options, mint& words) : options_(options), mint_(words) {}

  /// One with that tag that the owner has already is answered again. 403 for the 21st.
  answer<const feed*> create(uid owner, const std::string& tag, time_point now);
  /// `tag`: empty for all.
  std::vector<const feed*> of(uid owner, const std::string& tag, time_point now);
  /// 400 for one that is not there or another user's.
  answer<bool> remove(uid owner, const std::string& id, time_point now);
  /// The id of the queue that all readers of the account with this tag and filter share; made by
  /// the first of them. It is neither listed nor deleted.
  std::string hose(uid owner, std::int64_t company, const hose_filter& wanted, time_point now);

  /// Acknowledges and hands out. 400 for a feed that is gone and an ackId that it has not given
  /// out. When there is nothing to hand out there are no events; with `waits`, no ackId either, for
  /// a read that goes on (see `next_change`).
  answer<feed_batch> read(uid owner, const std::string& id, std::string_view ack, time_point now,
                          const read_faults& faults = {}, bool waits = false);
  /// When a read that got nothing would get something; nothing when only a new event would change
  /// that.
  std::optional<time_point> next_change(const std::string& id, time_point now) const;

  /// Puts an event into every feed of these users, and into each datahose that wants it.
  void publish(const std::vector<uid>& to, const event_place& where, const event_text& event,
               time_point now);

  const std::map<std::string, feed>& all() const { return feeds_; }

private:
  feed* find(uid owner, const std::string& id, time_point now);
  void forget_idle(time_point now);
  /// Batches whose time is over are waiting again, ahead of what is newer.
  static void take_back(feed& from, time_point now);

  const pod_options& options_;
  mint& mint_;
  std::map<std::string, feed> feeds_;
};

} // namespace tutti::emulator
