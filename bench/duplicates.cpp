// What many askers of one IM cost, and a session that expires under them. The pod is in memory.
#include <bench/bench_core.hpp>
#include <bench/memory_client.hpp>
#include <bench/meter.hpp>
#include <bench/options.hpp>

#include <fmt/format.h>

namespace tutti::bench {

namespace {

constexpr std::int64_t askers = 1'000;

struct bench_pod {
  std::shared_ptr<memory_pod> pod = std::make_shared<memory_pod>();
  bench_core core;

  explicit bench_pod(const options& given)
      : core{settings_of(given), [&](auto& io, const auto& made) {
               return std::make_unique<memory_client>(io, made.hosts[0], given.users, pod);
             }} {}
};

void print(const cost& used, std::int64_t requests, const memory_pod& pod) {
  fmt::print(R"({{"cpu_us":{:.4f},"creates":{},"logins":{}}})"
             "\n",
             used.cpu_seconds * 1e6 / static_cast<double>(requests), pod.creates, pod.logins);
}

} // namespace

void cold_duplicates(const options& given) {
  meter used; // With the start of the core, the key and the login.
  bench_pod made{given};
  auto whom = made.core.make_asker(bench_core::place::loop);
  auto done = made.core.run(whom, {.requests = askers, .open = askers});
  require(done.from_pod == 1 && done.joined == askers - 1, done);
  print(used.stop(), askers, *made.pod);
}

void warm_duplicates(const options& given) {
  bench_pod made{given};
  auto whom = made.core.make_asker(bench_core::place::loop);
  made.core.run(whom, {.requests = given.users, .open = 64, .users = given.users});
  const auto rounds = std::max<std::int64_t>(given.requests / askers, 1);
  made.pod->creates = 0;
  meter used;
  for (std::int64_t round = 0; round < rounds; ++round) {
    auto done = made.core.run(
        whom,
        {.requests = askers, .open = askers, .users = 1, .first = (round + 1) % given.users + 1});
    require(done.from_pod == 1 && done.joined == askers - 1, done);
  }
  print(used.stop(), rounds * askers, *made.pod);
}

void expired_session(const options& given) {
  bench_pod made{given};
  auto whom = made.core.make_asker(bench_core::place::loop);
  made.core.run(whom, {.requests = given.users, .open = 64, .users = given.users});
  made.pod->session = 'b';
  made.pod->creates = made.pod->logins = 0;
  meter used;
  auto done = made.core.run(whom, {.requests = askers, .open = askers, .users = given.users});
  require(done.from_pod == askers, done);
  print(used.stop(), askers, *made.pod);
}

} // namespace tutti::bench
