// Chance from a seed, the same on every machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace tutti::simulation {

class chance {
public:
  explicit chance(std::uint64_t seed) : engine_(seed) {}

  /// From 0 to `bound` - 1.
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : engine_() % bound; }
  bool percent(std::size_t p) { return below(100) < p; }
  /// Up to `most`, to the microsecond.
  std::chrono::microseconds up_to(std::chrono::microseconds most) {
    return std::chrono::microseconds{below(static_cast<std::size_t>(most.count()) + 1)};
  }

  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }
  template <class T>
  T one_of(std::initializer_list<T> all) {
    return *(all.begin() + below(all.size()));
  }

private:
  std::mt19937_64 engine_;
};

} // namespace tutti::simulation
