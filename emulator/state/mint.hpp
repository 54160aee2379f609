// Makes the opaque words a pod gives out: session tokens, ids of streams, messages and feeds, the
// same for the same seed.
#pragma once

#include <emulator/state/values.hpp>

#include <cstdint>
#include <random>
#include <string>

namespace tutti::emulator {

class mint {
public:
  explicit mint(std::uint64_t seed) : random_(seed) {}

  std::string token();
  std::string stream_id(time_point created);
  std::string message_id(time_point created);
  /// So many bytes in hexadecimal digits.
  std::string hex(std::size_t count);
  std::uint64_t number() { return random_(); }

private:
  std::string bytes(std::size_t count);
  std::string id_bytes(time_point created);

  std::mt19937_64 random_;
};

} // namespace tutti::emulator
