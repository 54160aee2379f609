// Knows the names of XML and nbsp; numbers become UTF-8.
#include <wire/messageml/markdown/references.hpp>

#include <wire/messageml/text/values.hpp>

#include <charconv>
#include <cstdint>
#include <utility>

namespace tutti::messageml {

namespace {

constexpr std::pair<std::string_view, std::string_view> named[] = {
    {"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},
    {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", "\xC2\xA0"}};

} // namespace

std::string resolved(std::string_view reference) {
  for (const auto& [name, value] : named)
    if (reference == name)
      return std::string{value};
  if (!reference.starts_with("&#") || !reference.ends_with(';'))
    return std::string{reference};
  const auto hex = reference[2] == 'x' || reference[2] == 'X';
  const auto digits = reference.substr(hex ? 3 : 2, reference.size() - (hex ? 4 : 3));
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  const auto good = error == std::errc{} && end == digits.data() + digits.size();
  if (!good)
    return std::string{reference};
  std::string made;
  append_utf8(code < 0x110000 ? code : 0xFFFD, made); // `escape` looks at it again.
  return made;
}

} // namespace tutti::messageml
