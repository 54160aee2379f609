// Words for marks and boundaries.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace tutti {

class random_words {
public:
  explicit random_words(std::uint64_t seed) : random_(seed) {}

  /// Thirty-two hexadecimal digits.
  std::string next() {
    constexpr auto digits = "0123456789abcdef";
    std::string made;
    while (made.size() < 32)
      for (auto [bits, count] = std::pair{random_(), 0}; count < 16; bits >>= 4U, ++count)
        made += digits[bits & 15U];
    return made;
  }

private:
  std::mt19937_64 random_;
};

} // namespace tutti
