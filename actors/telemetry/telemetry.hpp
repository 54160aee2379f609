// What the core counts, and its health: written by actors, read by any thread at any time.
#pragma once

#include <tutti/health.hpp>
#include <tutti/http_message.hpp>
#include <tutti/metrics.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tutti {

/// A number with one writer at a time and any readers: adding costs no locked instruction.
class counter {
public:
  void add(std::uint64_t n = 1) noexcept { set(now() + n); }
  void sub(std::uint64_t n = 1) noexcept { set(now() - n); }
  void set(std::uint64_t n) noexcept { value_.store(n, std::memory_order_relaxed); }
  std::uint64_t now() const noexcept { return value_.load(std::memory_order_relaxed); }

  /// A time, in milliseconds since 1970.
  void set(std::chrono::system_clock::time_point at) noexcept {
    set(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count()));
  }

private:
  std::atomic<std::uint64_t> value_{0};
};

/// Exchanges by endpoint. One writer, the http actor; any readers.
class endpoint_counters {
public:
  using index = std::size_t;

  /// The row of a request's target, query and ids left out. Past 63 rows all others share one.
  index row_of(std::string_view target);

  void ended(index row, exchange_end how) noexcept;
  /// With an answer, or the loss of it, after `took`.
  void ended(index row, exchange_end how, std::chrono::steady_clock::duration took) noexcept;

  std::vector<endpoint_metrics> read() const;

private:
  static constexpr std::size_t max_rows = 64;

  index look_up(std::string_view target);

  struct row {
    std::string path;
    std::array<counter, exchange_ends> ended;
    std::array<counter, latency_bounds.size() + 1> latency;
    counter latency_us;
  };

  /// Made by the writer, then published by the count.
  std::array<std::unique_ptr<row>, max_rows> rows_;
  std::atomic<std::size_t> count_{0};
  /// Of the writer.
  std::unordered_map<std::string, index> known_;
  std::string scratch_;
  std::string last_target_;
  index last_row_ = 0;
};

/// The path of `target` with ids replaced, e.g. `/pod/v1/admin/user/{id}/features`.
std::string endpoint_path(std::string_view target);

/// How the board calls the trouble of a bot that cannot log in, and with what that of a host
/// begins.
inline constexpr const char* login_trouble = "login";
inline constexpr const char* host_trouble = "host ";

/// The trouble of a core that has crashed and is being restarted, and of one that is given up.
inline constexpr const char* crashed_core_trouble = "core restart";
inline constexpr const char* lost_core_trouble = "core";

/// What is wrong now. Its lock is held to copy or change a few words: when trouble begins or ends,
/// and on each read.
class trouble_board {
public:
  /// Something is wrong; since now, unless it was wrong already.
  void raise(const std::string& what, const std::string& why);
  void clear(const std::string& what);

  /// What an endpoint came to last, for `words`; no trouble of the bot's. Stale after a minute.
  void note(const std::string& endpoint, const std::string& why);
  void drop_note(const std::string& endpoint);

  /// The state it is in apart from troubles.
  void enter(health_state state);

  /// A session is at hand: no trouble with the login, and a bot that was starting is ready.
  void logged_in();

  health look() const;

  /// What is wrong with hosts and the login, and what endpoints came to of late, for the detail of
  /// a failure: `; host a: why`; empty for nothing.
  std::string words() const;

  /// Called after each change, on the thread that made it; one listener, null for none.
  void listen(std::function<void()> changed);

private:
  struct entry {
    std::chrono::system_clock::time_point since;
    std::string why;
  };

  void tell();
  health_state seen() const;
  void changed();

  mutable std::mutex lock_;
  std::map<std::string, entry> troubles_;
  std::map<std::string, entry> notes_;
  health_state state_ = health_state::stopped;
  health_state shown_ = health_state::stopped;
  std::chrono::system_clock::time_point since_ = std::chrono::system_clock::now();
  std::shared_ptr<const std::function<void()>> listener_;
};

/// Counts by name; rare events only, for it takes a lock.
class named_counters {
public:
  void add(const std::string& name) {
    auto guard = std::lock_guard{lock_};
    ++counts_[name];
  }
  std::map<std::string, std::uint64_t> read() const {
    auto guard = std::lock_guard{lock_};
    return counts_;
  }

private:
  mutable std::mutex lock_;
  std::map<std::string, std::uint64_t> counts_;
};

/// What is heard. Written by datafeed and dispatch, which share a thread.
struct hearing_counters {
  counter read;
  counter duplicates;
  counter caught_up;
  counter handled;
  counter failed;
  counter given_up;
  counter late;
  counter repeated;
  counter feeds_lost;
  counter backlog;
  counter running;
  /// Milliseconds since 1970; 0: never, none.
  counter oldest;
  counter last_read;
  counter missing_since;
};

struct sending_counters {
  counter sent;
  counter failed;
  counter repeated;
  counter found;
};

/// The feed of a bot that hears, for `health`.
class feed_name {
public:
  void set(std::string id, std::string tag) {
    auto guard = std::lock_guard{lock_};
    id_ = std::move(id);
    tag_ = std::move(tag);
  }
  std::pair<std::string, std::string> read() const {
    auto guard = std::lock_guard{lock_};
    return {id_, tag_};
  }

private:
  mutable std::mutex lock_;
  std::string id_;
  std::string tag_;
};

/// All of it. Lives as long as the bot; a restarted core goes on counting.
struct telemetry {
  /// Of one host.
  struct host {
    counter in_flight;
    counter held;
    /// 1 while it does not answer.
    counter lost;
    /// 1 while it wants to be left alone, and how often it began to.
    counter slowed;
    counter slow_downs;
  };

  endpoint_counters endpoints;
  /// By group of services that share a host.
  std::array<host, service_count> hosts;
  counter retries;
  counter retries_denied;
  counter renewals;
  counter logins;
  counter logins_failed;
  /// By `im_origin`.
  std::array<counter, 3> opened;
  std::array<counter, errc_count> not_opened;
  counter flights;
  counter flights_under_way;
  counter waiting;
  std::atomic<std::uint64_t> directory_reads{0};
  std::atomic<std::uint64_t> directory_reads_hit{0};
  std::atomic<std::uint64_t> core_restarts{0};
  named_counters restarts;
  hearing_counters heard;
  sending_counters said;
  feed_name feed;
  trouble_board board;
};

} // namespace tutti
