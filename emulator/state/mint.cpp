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

std::string mint::stream_id(time_point created) {
  // 16 opaque bytes, 8 of the inverted creation time, 't' for a stream.
  auto id = bytes(16);
  auto inverted = static_cast<std::uint64_t>(INT64_MAX - millis(created));
  for (int shift = 56; shift >= 0; shift -= 8)
    id += static_cast<char>(inverted >> shift);
  id += 't';
  return base64_url(id);
}

} // namespace tutti::emulator
