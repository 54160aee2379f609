#include <wire/messageml/markdown/references.hpp>

#include <charconv>
#include <cstdint>
#include <utility>

namespace tutti::messageml {

namespace {

constexpr std::pair<std::string_view, std::string_view> named[] = {
    {"&amp;", "&"},   {"&lt;", "<"},   {"&gt;", ">"},
    {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", "\xC2\xA0"}};

/// As UTF-8, which `escape` checks.
std::string encoded(std::uint32_t code) {
  const auto tail = [](std::uint32_t bits) { return static_cast<char>(0x80U | (bits & 0x3FU)); };
  if (code < 0x80)
    return {static_cast<char>(code)};
  if (code < 0x800)
    return {static_cast<char>(0xC0U | code >> 6U), tail(code)};
  if (code < 0x10000)
    return {static_cast<char>(0xE0U | code >> 12U), tail(code >> 6U), tail(code)};
  if (code < 0x110000)
    return {static_cast<char>(0xF0U | code >> 18U), tail(code >> 12U), tail(code >> 6U),
            tail(code)};
  return std::string(1, '\0');
}

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
  return good ? encoded(code) : std::string{reference};
}

} // namespace tutti::messageml
