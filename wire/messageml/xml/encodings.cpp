#include <wire/messageml/xml/encodings.hpp>

#include <cstdint>
#include <iconv.h>

namespace tutti::messageml::xml {

bool read_encoding(const char* name, int (&codes)[256]) {
  const auto conversion = iconv_open("UTF-32LE", name);
  if (conversion == reinterpret_cast<iconv_t>(-1)) // NOLINT(performance-no-int-to-ptr): iconv's own
    return false;
  auto known = 0;
  for (int byte = 0; byte < 256; ++byte) {
    auto given = static_cast<char>(byte);
    std::uint32_t code = 0;
    auto* from = &given;
    auto* to = reinterpret_cast<char*>(&code);
    std::size_t from_left = 1;
    std::size_t to_left = sizeof code;
    iconv(conversion, nullptr, nullptr, nullptr, nullptr);
    const auto done = iconv(conversion, &from, &from_left, &to, &to_left);
    const auto good = done != static_cast<std::size_t>(-1) && to_left == 0;
    codes[byte] = good ? static_cast<int>(code) : -1;
    known += good ? 1 : 0;
  }
  iconv_close(conversion);
  // ASCII has to be where it is, or the declaration itself could not have been read.
  return known > 128 && codes['<'] == '<';
}

} // namespace tutti::messageml::xml
