// Guesses: PEM, Base64, hexadecimal digits and JWTs look unlike paths.
#include <config/secrets.hpp>

#include <algorithm>
#include <cctype>
#include <cstring>

namespace tutti::config_file {

namespace {

/// As file systems have it (NAME_MAX).
constexpr std::size_t longest_name = 255;

/// Shorter than any token that is worth its name.
constexpr std::size_t shortest_secret = 32;

bool has_overlong_name(const std::string& path) {
  std::size_t begin = 0;
  while (begin < path.size()) {
    auto end = std::min(path.find('/', begin), path.size());
    if (end - begin > longest_name)
      return true;
    begin = end + 1;
  }
  return false;
}

/// Of either alphabet.
bool is_base64(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) || std::strchr("+/=-_", c); });
}

/// What people call folders and files: letters of one case, or hexadecimal digits in a folder.
bool is_words(const std::string& text) {
  auto any = [&](int (*kind)(int)) {
    return std::any_of(text.begin(), text.end(), [&](unsigned char c) { return kind(c) != 0; });
  };
  const auto folders = text.find('/') != text.npos;
  if (folders && text.find('+') == text.npos && text.find('=') == text.npos)
    return true;
  return (text.find('-') != text.npos || text.find('_') != text.npos) &&
         !(any(std::isupper) && any(std::islower) && any(std::isdigit));
}

} // namespace

bool looks_like_a_secret(const std::string& given) {
  auto path = given;
  while (path.ends_with('\n') || path.ends_with('\r')) // Of a variable: has a note of its own.
    path.pop_back();
  if (path.find("-----BEGIN") != path.npos || has_overlong_name(path) ||
      std::any_of(path.begin(), path.end(), [](unsigned char c) { return c < ' '; }))
    return true;
  if (path.starts_with("eyJ") && std::count(path.begin(), path.end(), '.') == 2)
    return true; // A JWT.
  return path.size() >= shortest_secret && is_base64(path) && !is_words(path);
}

} // namespace tutti::config_file
