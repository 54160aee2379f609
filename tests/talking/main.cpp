// tutti-talking: many worlds of people in dialogues with a bot that is killed, each from a seed.
#include <tests/talking/world.hpp>

#include <CLI/CLI.hpp>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

int main(int argc, char** argv) {
  using tutti::talking::report;
  CLI::App app{"Dialogues of twelve steps with a bot that is killed again and again."};
  std::uint64_t first = 1;
  std::uint64_t count = 25;
  unsigned threads = std::max(std::thread::hardware_concurrency(), 1U);
  app.add_option("--first", first, "The first seed");
  app.add_option("--seeds", count, "How many; each has twenty dialogues");
  app.add_option("--jobs", threads, "Worlds at once");
  CLI11_PARSE(app, argc, argv);

  report all;
  std::mutex lock;
  std::atomic<std::uint64_t> next{first};
  auto work = [&] {
    for (auto seed = next++; seed < first + count; seed = next++) {
      const auto one = tutti::talking::hold_dialogues(seed);
      const auto guard = std::lock_guard{lock};
      all.dialogues += one.dialogues;
      all.finished += one.finished;
      all.interrupted += one.interrupted;
      all.timed_out += one.timed_out;
      all.kills += one.kills;
      all.forms += one.forms;
      for (const auto& each : one.objections) {
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), each.c_str());
        all.objections.push_back(each);
      }
    }
  };
  std::vector<std::jthread> workers;
  workers.reserve(threads);
  for (unsigned i = 0; i < threads; ++i)
    workers.emplace_back(work);
  workers.clear();
  std::printf("%zu dialogues of twelve steps, the bot killed %zu times: %zu finished, %zu of them "
              "after a time-out, %zu forms sent; %zu ended because a work was interrupted; %zu "
              "objections\n",
              all.dialogues, all.kills, all.finished, all.timed_out, all.forms, all.interrupted,
              all.objections.size());
  return all.objections.empty() ? 0 : 1;
}
