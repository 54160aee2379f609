// What it costs to act in the names of many users. The pod is in memory.
#include <bench/bench_core.hpp>
#include <bench/memory_client.hpp>
#include <bench/meter.hpp>
#include <bench/options.hpp>

#include <fmt/format.h>

#include <malloc.h>

namespace tutti::bench {

void many_identities(const options& given) {
  auto settings = settings_of(given);
  settings.app.id = "bench";
  settings.app.private_key.path = given.key;
  settings.app.max_sessions = static_cast<std::size_t>(given.identities);
  settings.im.directory.capacity = 1; // Every request flies.
  bench_core core{settings, [&](auto& io, const auto& made) {
                    return std::make_unique<memory_client>(io, made.hosts[0], given.users);
                  }};
  auto whom = core.make_asker(bench_core::place::loop);
  core.run(whom, {.requests = given.users, .open = given.in_flight, .users = given.users});
  malloc_trim(0);
  const auto before = memory();
  const auto in_turns = lap{.requests = given.users * given.identities,
                            .open = given.in_flight,
                            .users = given.users,
                            .identities = given.identities};
  core.run(whom, in_turns); // Logins, and the entitlements of everybody.
  const auto held = static_cast<double>(memory() - before);
  auto measured = in_turns;
  measured.requests = given.requests;
  meter used;
  auto done = core.run(whom, measured);
  auto cost = used.stop();
  require(done.from_pod == given.requests, done);
  fmt::print(R"({{"cpu_us":{:.4f},"bytes":{:.0f}}})"
             "\n",
             cost.cpu_seconds * 1e6 / static_cast<double>(given.requests),
             held / static_cast<double>(given.identities));
}

} // namespace tutti::bench
