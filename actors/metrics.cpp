// From tallies to values.
#include <actors/metrics.hpp>

#include <transport/hosts.hpp>

namespace tutti {

metrics read_metrics(const telemetry& life, const directory& known, const config& settings) {
  metrics made;
  made.endpoints = life.endpoints.read();
  auto groups = transport::host_groups(settings.hosts);
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (groups[i] == i && !settings.hosts[i].host.empty()) {
      const auto& host = life.hosts[i];
      auto in_flight = host.in_flight.now();
      auto held = host.held.now();
      made.hosts.push_back({transport::authority(settings.hosts[i]), in_flight,
                            held > in_flight ? held - in_flight : 0, host.slowed.now() != 0,
                            host.slow_downs.now()});
    }
  made.retries = life.retries.now();
  made.retries_denied = life.retries_denied.now();
  made.opened_at_pod = life.opened[static_cast<std::size_t>(im_origin::pod)].now();
  made.opened_from_directory = life.opened[static_cast<std::size_t>(im_origin::directory)].now();
  made.opened_by_joining = life.opened[static_cast<std::size_t>(im_origin::joined)].now();
  for (std::size_t i = 0; i < errc_count; ++i)
    if (auto count = life.not_opened[i].now())
      made.not_opened[static_cast<errc>(i)] = count;
  made.flights = life.flights.now();
  made.flights_under_way = life.flights_under_way.now();
  made.waiting = life.waiting.now();
  made.logins = life.logins.now();
  made.logins_failed = life.logins_failed.now();
  made.renewals = life.renewals.now();
  made.directory_size = known.size();
  made.directory_mean_age = known.mean_age(std::chrono::steady_clock::now());
  made.directory_reads = life.directory_reads.load(std::memory_order_relaxed);
  made.directory_reads_hit = life.directory_reads_hit.load(std::memory_order_relaxed);
  made.core_restarts = life.core_restarts.load(std::memory_order_relaxed);
  made.actor_restarts = life.restarts.read();
  const auto& heard = life.heard;
  made.hearing = {heard.read.now(),    heard.duplicates.now(), heard.caught_up.now(),
                  heard.handled.now(), heard.failed.now(),     heard.given_up.now(),
                  heard.late.now(),    heard.repeated.now(),   heard.feeds_lost.now(),
                  heard.backlog.now(), heard.running.now()};
  made.sending = {life.said.sent.now(), life.said.failed.now(), life.said.repeated.now(),
                  life.said.found.now()};
  return made;
}

feed_health read_feed_health(const telemetry& life) {
  using std::chrono::system_clock;
  auto time_of = [](const counter& ms) -> std::optional<system_clock::time_point> {
    const auto seen = ms.now();
    if (seen == 0)
      return std::nullopt;
    return system_clock::time_point{std::chrono::milliseconds{seen}};
  };
  auto [id, tag] = life.feed.read();
  const auto& heard = life.heard;
  return {std::move(id),       std::move(tag),        time_of(heard.last_read),
          heard.backlog.now(), time_of(heard.oldest), time_of(heard.missing_since)};
}

} // namespace tutti
