// What a known IM costs, and what knowing and waiting hold of memory.
#include <bench/bench_core.hpp>
#include <bench/memory_client.hpp>
#include <bench/meter.hpp>
#include <bench/options.hpp>

#include <tutti/bot.hpp>

#include <fmt/format.h>

#include <malloc.h>

#include <thread>

namespace tutti::bench {

namespace {

void print_per_request(const cost& used, std::int64_t requests) {
  fmt::print(R"({{"cpu_us":{:.4f}}})"
             "\n",
             used.cpu_seconds * 1e6 / static_cast<double>(requests));
}

config with_directory(const options& given, std::size_t capacity) {
  auto settings = settings_of(given);
  settings.im.directory.capacity = capacity;
  return settings;
}

/// Shards fill up unevenly.
std::size_t room_for(std::int64_t ims) {
  return static_cast<std::size_t>(ims) * 2 + 1'000;
}

im_key key_of(std::int64_t user) {
  std::array one{*user_id::make(user)};
  return {{}, im_form::inclusive, participant_set::of(one)};
}

/// As long as Symphony's, each another.
stream_id stream_of(std::int64_t number) {
  return *stream_id::make(fmt::format("xhGxbTcvTDK6EIMM{:012d}r2HdA", number));
}

} // namespace

void known_to_actor(const options& given) {
  bench_core core{with_directory(given, room_for(given.users)), [&](auto& io, const auto& made) {
                    return std::make_unique<memory_client>(io, made.hosts[0], given.users);
                  }};
  auto whom =
      core.make_asker(given.on_scheduler ? bench_core::place::scheduler : bench_core::place::loop);
  core.run(whom, {.requests = given.users, .open = 64, .users = given.users});
  meter used;
  auto done = core.run(whom, {.requests = given.requests, .open = 64, .users = given.users});
  auto cost = used.stop();
  require(done.from_directory == given.requests, done);
  print_per_request(cost, given.requests);
}

void known_to_thread(const options& given) {
  // No pod is needed: what is known is read without asking anybody.
  directory known{with_directory(given, room_for(given.users)).im.directory};
  auto time = std::chrono::steady_clock::now();
  std::vector<im_key> keys;
  for (std::int64_t user = 1; user <= given.users; ++user) {
    keys.push_back(key_of(user));
    known.put(keys.back(), stream_of(user), time);
  }
  meter used;
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < given.requests; ++i)
    found += known.find(keys[static_cast<std::size_t>(i) % keys.size()], time) ? 1 : 0;
  auto cost = used.stop();
  if (found != given.requests)
    std::exit(1);
  print_per_request(cost, given.requests);
}

void memory_of_known(const options& given) {
  malloc_trim(0);
  const auto before = memory();
  directory known{with_directory(given, static_cast<std::size_t>(given.requests)).im.directory};
  auto time = std::chrono::steady_clock::now();
  for (std::int64_t user = 1; user <= given.requests; ++user)
    known.put(key_of(user), stream_of(user), time);
  fmt::print(R"({{"bytes":{:.1f},"known":{}}})"
             "\n",
             static_cast<double>(memory() - before) / static_cast<double>(known.size()),
             known.size());
}

void memory_of_waiting(const options& given) {
  auto pod = std::make_shared<memory_pod>();
  const auto everybody = given.users + given.requests;
  bench_core core{settings_of(given), [&](auto& io, const auto& made) {
                    return std::make_unique<memory_client>(io, made.hosts[0], everybody, pod);
                  }};
  auto whom = core.make_asker(bench_core::place::loop);
  core.run(whom, {.requests = everybody, .open = 64, .users = everybody});
  pod->silent = true;
  malloc_trim(0);
  const auto before = memory();
  caf::anon_send(whom, lap{.requests = given.requests, .open = given.requests, .users = everybody});
  while (core.life().waiting.now() < static_cast<std::uint64_t>(given.requests))
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  fmt::print(R"({{"bytes":{:.1f}}})"
             "\n",
             static_cast<double>(memory() - before) / static_cast<double>(given.requests));
}

} // namespace tutti::bench
