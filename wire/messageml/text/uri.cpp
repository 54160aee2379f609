// URIs as java.net.URI reads them: RFC 2396 with non-ASCII characters.
#include <wire/messageml/text/values.hpp>

#include <algorithm>

namespace tutti::messageml {

namespace {

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool hex(char c) {
  return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Spaces and controls beyond ASCII.
bool begins_with_space(std::string_view text) {
  for (const auto* space : {"\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9",
                            "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"})
    if (text.starts_with(space))
      return true;
  const auto second = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0;
  const auto third = text.size() > 2 ? static_cast<unsigned char>(text[2]) : 0;
  return (text.front() == '\xC2' && second < 0xA0) ||
         (text.starts_with("\xE2\x80") && third >= 0x80 && third <= 0x8A);
}

/// Brackets enclose an IPv6 address at the start of the host, which only a port may follow.
bool good_brackets(std::string_view authority) {
  const auto at = authority.rfind('@');
  auto host = at == authority.npos ? authority : authority.substr(at + 1);
  if (host.find_first_of("[]") == host.npos)
    return authority.find_first_of("[]") == authority.npos;
  const auto end = host.find(']');
  if (!host.starts_with('[') || end == host.npos || host.find('[', 1) != host.npos)
    return false;
  const auto address = host.substr(1, end - 1);
  const auto port = host.substr(end + 1);
  return address.find(':') != address.npos &&
         address.find_first_not_of("0123456789abcdefABCDEF:.%") == address.npos &&
         (port.empty() ||
          (port.front() == ':' && port.find_first_not_of("0123456789", 1) == port.npos));
}

/// Letters, digits, marks, reserved characters and what is not ASCII; escapes have two hex digits.
std::string flaw_of_part(std::string_view part, std::string_view also) {
  for (std::size_t at = 0; at < part.size(); ++at) {
    const auto c = part[at];
    if (c == '%') {
      if (at + 2 >= part.size() || !hex(part[at + 1]) || !hex(part[at + 2]))
        return "'%' without two hexadecimal digits";
      at += 2;
      continue;
    }
    if (static_cast<unsigned char>(c) >= 0x80) {
      if (begins_with_space(part.substr(at)))
        return "a blank is not allowed";
      continue;
    }
    if (letter(c) || digit(c) || std::string_view{"_-!.~'()*;:@&=+$,/?"}.find(c) != part.npos ||
        also.find(c) != also.npos)
      continue;
    return std::string{"'"}.append(1, c).append("' is not allowed");
  }
  return {};
}

} // namespace

std::string_view scheme_of(std::string_view uri) {
  const auto colon = uri.find_first_of(":/?#");
  return colon != uri.npos && uri[colon] == ':' ? uri.substr(0, colon) : std::string_view{};
}

std::string flaw_of_uri(std::string_view uri) {
  if (uri.empty())
    return {};
  auto rest = uri;
  const auto colon = rest.find_first_of(":/?#");
  if (colon != rest.npos && rest[colon] == ':') {
    const auto scheme = rest.substr(0, colon);
    if (scheme.empty() || !letter(scheme.front()) ||
        !std::all_of(scheme.begin(), scheme.end(), [](char c) {
          return letter(c) || digit(c) || c == '+' || c == '-' || c == '.';
        }))
      return "'" + std::string{scheme} + "' is no scheme";
    rest.remove_prefix(colon + 1);
    if (rest.empty() || rest.front() == '#')
      return "nothing follows the scheme";
    if (rest.front() != '/') { // Opaque: anything but a fragment.
      const auto hash = rest.find('#');
      auto flaw = flaw_of_part(rest.substr(0, hash), "[]");
      return !flaw.empty() || hash == rest.npos ? flaw : flaw_of_part(rest.substr(hash + 1), "[]");
    }
  }
  const auto nothing_after = rest.find_first_of("?#") == rest.npos;
  const auto hash = rest.find('#');
  if (hash != rest.npos) {
    if (auto flaw = flaw_of_part(rest.substr(hash + 1), "[]"); !flaw.empty())
      return flaw;
    rest = rest.substr(0, hash);
  }
  const auto question = rest.find('?');
  if (question != rest.npos) {
    if (auto flaw = flaw_of_part(rest.substr(question + 1), "[]"); !flaw.empty())
      return flaw;
    rest = rest.substr(0, question);
  }
  if (rest.starts_with("//")) {
    const auto end = std::min(rest.find('/', 2), rest.size());
    const auto authority = rest.substr(2, end - 2);
    if (authority.empty() && end == rest.size() && nothing_after)
      return "a host is missing";
    if (!good_brackets(authority))
      return "brackets enclose an IPv6 address";
    if (auto flaw = flaw_of_part(authority, "[]"); !flaw.empty())
      return flaw;
    rest = rest.substr(end);
  }
  return flaw_of_part(rest, "");
}

} // namespace tutti::messageml
