// tutti-simulation: many worlds, each from a seed; for a seed that fails it prints the trace.
#include <tests/simulation/hearing/world.hpp>
#include <tests/simulation/opening/world.hpp>

#include <emulator/crypto/jwt.hpp>

#include <CLI/CLI.hpp>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

namespace {

using namespace tutti::simulation;

void add(report& to, const report& one) {
  to.steps += one.steps;
  to.sent += one.sent;
  to.requests += one.requests;
  to.opened += one.opened;
  for (auto [reason, times] : one.refused)
    to.refused[reason] += times;
  to.said += one.said;
  to.handled += one.handled;
  to.late += one.late;
  to.repeated += one.repeated;
  to.caught_up += one.caught_up;
  to.given_up += one.given_up;
}

/// A seed has a world of each kind.
struct kind {
  const char* name;
  report (*run)(std::uint64_t seed, const key_halves& key, bool keep_trace);
};

constexpr kind kinds[] = {{"opening", ask_for_ims}, {"hearing", hear_people}};

void tell(std::uint64_t seed, const report& one) {
  for (const auto& line : one.trace)
    std::printf("%s\n", line.c_str());
  for (const auto& each : one.objections)
    std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), each.c_str());
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"The core of Tutti in worlds that chance makes hostile."};
  std::uint64_t first = 1;
  std::uint64_t count = 10'000;
  std::optional<std::uint64_t> single;
  std::string only;
  unsigned threads = std::max(std::thread::hardware_concurrency(), 1U);
  app.add_option("--first", first, "The first seed");
  app.add_option("--seeds", count, "How many");
  app.add_option("--seed", single, "This one only, and print its trace");
  app.add_option("--jobs", threads, "Worlds at once");
  app.add_option("--world", only, "Of this kind only: opening, hearing")
      ->check(CLI::IsMember({"opening", "hearing"}));
  CLI11_PARSE(app, argc, argv);

  auto made = tutti::emulator::make_key_pair();
  auto key = key_halves{made.private_pem, made.public_pem};
  std::vector<kind> chosen;
  for (const auto& each : kinds)
    if (only.empty() || only == each.name)
      chosen.push_back(each);
  if (single) {
    bool good = true;
    for (const auto& each : chosen) {
      auto seen = each.run(*single, key, true);
      tell(*single, seen);
      good = good && seen.objections.empty();
    }
    return good ? 0 : 1;
  }

  report all;
  std::mutex lock;
  std::atomic<std::uint64_t> next = first;
  std::atomic<int> failed = 0;
  auto run_one = [&](const kind& which, std::uint64_t seed) {
    auto seen = which.run(seed, key, false);
    {
      auto guard = std::lock_guard{lock};
      add(all, seen);
    }
    if (seen.objections.empty())
      return;
    ++failed;
    auto again = which.run(seed, key, true);
    auto guard = std::lock_guard{lock};
    tell(seed, again.objections.empty() ? seen : again);
    if (again.objections.empty())
      std::printf("seed %llu (%s) did not fail again: something in it does not come from the "
                  "seed\n",
                  static_cast<unsigned long long>(seed), which.name);
    else
      std::printf("once more: tutti-simulation --world %s --seed %llu\n", which.name,
                  static_cast<unsigned long long>(seed));
  };
  auto work = [&] {
    for (auto seed = next++; seed < first + count && failed < 5; seed = next++)
      for (const auto& each : chosen)
        run_one(each, seed);
  };
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < threads; ++i)
    workers.emplace_back(work);
  for (auto& each : workers)
    each.join();
  std::printf("%llu seeds, %zu steps, %zu exchanges, %zu of %zu requests opened, %d failed\n",
              static_cast<unsigned long long>(count), all.steps, all.sent, all.opened, all.requests,
              failed.load());
  std::printf(
      "%zu messages said, handlers called %zu times (%zu late, %zu repeated, %zu caught up), "
      "%zu given up\n",
      all.said, all.handled, all.late, all.repeated, all.caught_up, all.given_up);
  for (auto [reason, times] : all.refused)
    std::printf("%8zu %s\n", times, std::string{to_string(reason)}.c_str());
  return failed == 0 ? 0 : 1;
}
