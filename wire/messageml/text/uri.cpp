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
      // No-break and ideographic spaces, and controls beyond ASCII, count as blanks there.
      const auto rest = part.substr(at);
      if (rest.starts_with("\xC2\xA0") || rest.starts_with("\xE3\x80\x80") ||
          (c == '\xC2' && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xA0))
        return "a blank is not allowed";
      continue;
    }
    if (letter(c) || digit(c) || std::string_view{"_-!.~'()*;:@&=+$,/?"}.find(c) != part.npos ||
        also.find(c) != also.npos)
      continue;
    return std::string{"'"} + c + "' is not allowed";
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
    if (authority.empty() && end == rest.size())
      return "a host is missing";
    const auto bracketed = authority.find('[') != authority.npos;
    if (auto flaw = flaw_of_part(authority, bracketed ? "[]" : ""); !flaw.empty())
      return flaw;
    rest = rest.substr(end);
  }
  return flaw_of_part(rest, "");
}

} // namespace tutti::messageml
