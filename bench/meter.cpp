// getrusage and /proc.
#include <bench/meter.hpp>

#include <fmt/format.h>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace tutti::bench {

namespace {

rusage used() {
  rusage now{};
  getrusage(RUSAGE_SELF, &now);
  return now;
}

double cpu_seconds() {
  auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  auto now = used();
  return seconds(now.ru_utime) + seconds(now.ru_stime);
}

} // namespace

meter::meter() : cpu_(cpu_seconds()), began_(std::chrono::steady_clock::now()) {}

cost meter::stop() const {
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
  return {cpu_seconds() - cpu_, took.count()};
}

std::size_t peak_memory() {
  // Not ru_maxrss: what the process was started from counts there too.
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;)
    if (std::size_t kb = 0; word == "VmHWM:" && status >> kb)
      return kb * 1024;
  return 0;
}

std::size_t memory() {
  std::size_t pages = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> pages; // The second: resident.
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::string to_json(const cost& used, std::int64_t requests,
                    std::vector<std::chrono::nanoseconds>& latencies) {
  std::sort(latencies.begin(), latencies.end());
  auto at = [&](double part) {
    if (latencies.empty())
      return 0.0;
    auto index = static_cast<std::size_t>(part * static_cast<double>(latencies.size() - 1));
    return static_cast<double>(latencies[index].count()) / 1e3;
  };
  auto count = static_cast<double>(requests);
  return fmt::format(R"({{"cpu_us":{:.4f},"per_second":{:.0f},"p50_us":{:.1f},"p99_us":{:.1f},)"
                     R"("p999_us":{:.1f},"peak_kb":{}}})",
                     used.cpu_seconds * 1e6 / count, count / used.wall_seconds, at(0.5), at(0.99),
                     at(0.999), peak_memory() / 1024);
}

} // namespace tutti::bench
