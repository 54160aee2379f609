#include <emulator/state/mint.hpp>

#include <emulator/text.hpp>

#include <algorithm>

namespace tutti::emulator {

std::int64_t millis(time_point t) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
}

std::string mint::bytes(std::size_t count) {
  std::string made(count, '\0');
  std::generate(made.begin(), made.end(), [this] { return static_cast<char>(random_()); });
  return made;
}

std::string mint::token() {
  // About as long as a real session token, which is a JWT; opaque all the same.
  return base64_url(bytes(384));
}

/// 16 opaque bytes, then 8 of the inverted creation time.
std::string mint::id_bytes(time_point created) {
  auto id = bytes(16);
  auto inverted = static_cast<std::uint64_t>(INT64_MAX - millis(created));
  for (int shift = 56; shift >= 0; shift -= 8)
    id += static_cast<char>(inverted >> shift);
  return id;
}

std::string mint::stream_id(time_point created) {
  return base64_url(id_bytes(created) + 't'); // For a stream.
}

std::string mint::message_id(time_point created) {
  return base64_url(id_bytes(created) + 'b');
}

std::string mint::hex(std::size_t count) {
  constexpr auto digits = "0123456789abcdef";
  std::string made;
  for (unsigned char each : bytes(count)) {
    made += digits[each >> 4U];
    made += digits[each & 15U];
  }
  return made;
}

} // namespace tutti::emulator
