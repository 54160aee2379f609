// What a bot has done, in numbers that a host or a plugin can show.
#pragma once

#include <tutti/errc.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tutti {

/// How one exchange with a host ended.
enum class exchange_end : std::uint8_t {
  /// HTTP status below 400.
  ok,
  /// HTTP 4xx but 429.
  refused,
  /// HTTP 429.
  rate_limited,
  /// HTTP 5xx.
  server_error,
  /// No connection, or it was lost.
  unreachable,
  tls_failed,
  /// No HTTP, too large or cut short.
  protocol_error,
  /// The deadline passed, or the asker left, before the answer came.
  given_up,
};

inline constexpr std::size_t exchange_ends = 8;

/// The enumerator's name, as metrics are labelled.
TUTTI_API std::string_view to_string(exchange_end how) noexcept;

/// Upper bounds of the classes of a latency; a last class has none.
inline constexpr std::array<std::chrono::microseconds, 14> latency_bounds{
    std::chrono::microseconds{500},        std::chrono::microseconds{1'000},
    std::chrono::microseconds{2'500},      std::chrono::microseconds{5'000},
    std::chrono::microseconds{10'000},     std::chrono::microseconds{25'000},
    std::chrono::microseconds{50'000},     std::chrono::microseconds{100'000},
    std::chrono::microseconds{250'000},    std::chrono::microseconds{500'000},
    std::chrono::microseconds{1'000'000},  std::chrono::microseconds{2'500'000},
    std::chrono::microseconds{10'000'000}, std::chrono::microseconds{30'000'000}};

/// Exchanges with one endpoint.
struct endpoint_metrics {
  /// The path with ids left out, e.g. `/pod/v1/im/create`.
  std::string path;
  /// By `exchange_end`.
  std::array<std::uint64_t, exchange_ends> ended{};
  /// By class, from sending to the answer; what was given up is not in it.
  std::array<std::uint64_t, latency_bounds.size() + 1> latency{};
  std::chrono::microseconds latency_sum{0};
};

/// Requests to one host, now.
struct host_metrics {
  /// As people write it, e.g. `mybank.symphony.com:443`.
  std::string host;
  std::uint64_t in_flight = 0;
  /// In line, between two attempts, or waiting for a login.
  std::uint64_t waiting = 0;
  /// Whether it has asked to slow down (HTTP 429) and the time it named has not passed.
  bool slowed_down = false;
  /// How often it began to.
  std::uint64_t slow_downs = 0;
};

/// Events: what came of them.
struct hearing_metrics {
  /// Read from the feed, own ones and duplicates included.
  std::uint64_t read = 0;
  /// Dropped: the journal had them already.
  std::uint64_t duplicates = 0;
  /// Found in histories after a feed was lost.
  std::uint64_t caught_up = 0;
  /// Whose handlers have ended well.
  std::uint64_t handled = 0;
  /// Calls of handlers that failed; each is repeated, or its event given up.
  std::uint64_t failed = 0;
  /// Given up: dead letters.
  std::uint64_t given_up = 0;
  /// Handed out after a newer one of their stream, or again: see `event_marks`.
  std::uint64_t late = 0;
  std::uint64_t repeated = 0;
  std::uint64_t feeds_lost = 0;
  /// Now: read and not ended; those of them that are with handlers.
  std::uint64_t backlog = 0;
  std::uint64_t running = 0;
};

/// Messages: what came of them.
struct sending_metrics {
  std::uint64_t sent = 0;
  std::uint64_t failed = 0;
  /// Sends after the first of a message.
  std::uint64_t repeated = 0;
  /// Not sent again, since the stream's history had them.
  std::uint64_t found = 0;
};

/// Everything since the bot was made; counters never fall, and survive a restart of the core.
struct metrics {
  std::vector<endpoint_metrics> endpoints;
  std::vector<host_metrics> hosts;
  /// Attempts after the first, repeats with a renewed session left out.
  std::uint64_t retries = 0;
  /// Attempts that the retry budget did not allow: repeats were a tenth of the requests already.
  std::uint64_t retries_denied = 0;

  /// Requests for an IM that were answered, by where the answer came from.
  std::uint64_t opened_at_pod = 0;
  std::uint64_t opened_from_directory = 0;
  std::uint64_t opened_by_joining = 0;
  /// Requests for an IM that failed, by the reason.
  std::map<errc, std::uint64_t> not_opened;
  /// Flights begun, and those under way.
  std::uint64_t flights = 0;
  std::uint64_t flights_under_way = 0;
  /// Requests for an IM that wait for their answer.
  std::uint64_t waiting = 0;

  std::uint64_t logins = 0;
  std::uint64_t logins_failed = 0;
  /// Sessions that had expired and were renewed.
  std::uint64_t renewals = 0;

  /// Known IMs: how many, and how old they are on average.
  std::uint64_t directory_size = 0;
  std::chrono::milliseconds directory_mean_age{0};
  /// Reads by `bot::find_im`; those of the IM actor stand in `opened_from_directory`.
  std::uint64_t directory_reads = 0;
  std::uint64_t directory_reads_hit = 0;

  /// The core after a crash, and supervised actors by name.
  std::uint64_t core_restarts = 0;
  std::map<std::string, std::uint64_t> actor_restarts;

  hearing_metrics hearing;
  sending_metrics sending;

  /// Log lines the sink could not take.
  std::uint64_t log_lines_dropped = 0;
};

} // namespace tutti
