// Makes the trace id of a call.
#include <actors/http/pending_call.hpp>

namespace tutti {

std::array<char, 6> make_trace(std::uint64_t number) {
  constexpr std::string_view letters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::array<char, 6> made{};
  for (auto& c : made) {
    c = letters[number % letters.size()];
    number /= letters.size();
  }
  return made;
}

} // namespace tutti
