// What a piece of work used: CPU, wall time, memory.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace tutti::bench {

struct cost {
  double cpu_seconds = 0;
  double wall_seconds = 0;
};

/// CPU of the whole process since it was made.
class meter {
public:
  meter();
  cost stop() const;

private:
  double cpu_;
  std::chrono::steady_clock::time_point began_;
};

/// Most memory the process has ever held, and what it holds now; bytes.
std::size_t peak_memory();
std::size_t memory();

/// Of so many requests: CPU per request, rate, latency at 50, 99 and 99.9 percent, peak memory.
std::string to_json(const cost& used, std::int64_t requests,
                    std::vector<std::chrono::nanoseconds>& latencies);

} // namespace tutti::bench
