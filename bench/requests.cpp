// Distinct Create IM requests, each to the pod.
#include <bench/bench_core.hpp>
#include <bench/memory_client.hpp>
#include <bench/meter.hpp>
#include <bench/options.hpp>

#include <transport/tls/tls.hpp>

#include <tutti/bot.hpp>

#include <fmt/format.h>

#include <deque>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#endif

namespace tutti::bench {

config settings_of(const options& given) {
  config settings;
  settings.hosts.fill({given.authority.empty() ? "http" : "https", "127.0.0.1", given.port, ""});
  settings.tls.trust_store_path = given.authority;
  settings.bot.username = "bench";
  settings.bot.private_key.path = given.key;
  settings.im.directory.capacity = small_directory;
  settings.entitlements.ttl = std::chrono::hours{1};
  settings.http.max_in_flight = static_cast<std::size_t>(given.in_flight);
  settings.log.level = log_level::warn;
  return settings;
}

void require(bool good, const lap_done& done) {
  if (good)
    return;
  fmt::print(stderr, "tutti-bench: {} from the pod, {} from the directory, {} joined, {} failed\n",
             done.from_pod, done.from_directory, done.joined, done.failed);
  std::exit(1);
}

namespace {

/// Logs in, opens the connections and has the entitlements of every user at hand.
void warm_up(bench_core& core, const asker_actor& whom, const options& given) {
  core.run(whom, {.requests = given.users, .open = given.in_flight, .users = given.users});
}

lap_done measured_lap(bench_core& core, const asker_actor& whom, const options& given) {
  auto done = core.run(whom, {.requests = given.requests,
                              .open = given.in_flight + given.waiting,
                              .users = given.users,
                              .per_second = given.per_second});
  require(done.from_pod == given.requests, done);
  return done;
}

std::unique_ptr<transport::client> pool(boost::asio::io_context& io, const config& settings) {
  transport::tls_context trust;
  if (!settings.tls.trust_store_path.empty())
    trust = transport::make_tls(settings.tls).value();
  return transport::make_pool(io, settings.hosts, settings.http, trust);
}

} // namespace

void requests(const options& given) {
  bench_core core{settings_of(given), pool};
  auto whom =
      core.make_asker(given.on_scheduler ? bench_core::place::scheduler : bench_core::place::loop);
  warm_up(core, whom, given);
  meter used;
  auto done = measured_lap(core, whom, given);
  fmt::print("{}\n", to_json(used.stop(), given.requests, *done.latencies));
}

void count(const options& given) {
  bench_core core{settings_of(given), [&](auto& io, const auto& made) {
                    return std::make_unique<memory_client>(io, made.hosts[0], given.users);
                  }};
  auto whom = core.make_asker(bench_core::place::loop);
  warm_up(core, whom, given);
  CALLGRIND_START_INSTRUMENTATION;
  measured_lap(core, whom, given);
  CALLGRIND_STOP_INSTRUMENTATION;
}

void asked_by_threads(const options& given) {
  bot asked{settings_of(given)};
  if (auto started = asked.start(); !started) {
    fmt::print(stderr, "tutti-bench: {}\n", to_string(started.error()));
    std::exit(1);
  }
  std::vector<std::chrono::nanoseconds> latencies;
  struct open_request {
    pending<im_created> answer;
    std::chrono::steady_clock::time_point since;
  };
  std::deque<open_request> open;
  std::int64_t next = 0;
  lap_done done;
  auto lap = [&](std::int64_t left) {
    auto finish_one = [&] {
      auto got = open.front().answer.get();
      latencies.push_back(std::chrono::steady_clock::now() - open.front().since);
      open.pop_front();
      ++(!got                               ? done.failed
         : got->origin == im_origin::pod    ? done.from_pod
         : got->origin == im_origin::joined ? done.joined
                                            : done.from_directory);
    };
    for (; left > 0; --left) {
      if (static_cast<std::int64_t>(open.size()) == given.in_flight)
        finish_one();
      next = (next + 1) % given.users;
      open.push_back({asked.ask(create_im{.participants = {*user_id::make(next + 1)}}),
                      std::chrono::steady_clock::now()});
    }
    while (!open.empty())
      finish_one();
  };
  lap(given.users);
  latencies.clear();
  done = {};
  meter used;
  lap(given.requests);
  auto cost = used.stop();
  require(done.from_pod == given.requests, done);
  fmt::print("{}\n", to_json(cost, given.requests, latencies));
}

} // namespace tutti::bench
