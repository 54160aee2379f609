// Asks the C library for the characters of an encoding, byte by byte.
#include <wire/messageml/xml/encodings.hpp>

#include <algorithm>
#include <cstdint>
#include <iconv.h>
#include <string>
#include <string_view>

namespace tutti::messageml::xml {

namespace {

/// Those whose characters take one byte. Of others nothing is loaded: the name comes from a
/// message.
bool takes_one_byte(std::string_view name) {
  std::string lower{name};
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (const std::string_view family : {"iso-8859-", "windows-125", "cp125", "koi8-"})
    if (lower.starts_with(family) && lower.size() <= family.size() + 2)
      return true;
  return false;
}

} // namespace

bool read_encoding(const char* name, int (&codes)[256]) {
  if (!takes_one_byte(name))
    return false;
  const auto conversion = iconv_open("UTF-32LE", name);
  if (conversion == reinterpret_cast<iconv_t>(-1)) // NOLINT(performance-no-int-to-ptr): iconv's own
    return false;
  for (int byte = 0; byte < 256; ++byte) {
    auto given = static_cast<char>(byte);
    std::uint32_t code = 0;
    auto* from = &given;
    auto* to = reinterpret_cast<char*>(&code);
    std::size_t from_left = 1;
    std::size_t to_left = sizeof code;
    iconv(conversion, nullptr, nullptr, nullptr, nullptr);
    const auto done = iconv(conversion, &from, &from_left, &to, &to_left);
    codes[byte] =
        done != static_cast<std::size_t>(-1) && to_left == 0 ? static_cast<int>(code) : -1;
  }
  iconv_close(conversion);
  constexpr std::size_t less = '<';
  return codes[less] == '<';
}

} // namespace tutti::messageml::xml
