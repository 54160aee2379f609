// Guesses: PEM, Base64 and hexadecimal digits look unlike paths.
#include <config/secrets.hpp>

#include <algorithm>
#include <cctype>

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

} // namespace

bool looks_like_a_secret(const std::string& path) {
  if (path.find("-----BEGIN") != path.npos || has_overlong_name(path) ||
      std::any_of(path.begin(), path.end(), [](unsigned char c) { return c < ' '; }))
    return true;
  return path.size() >= shortest_secret && path.front() != '/' && path.front() != '~' &&
         std::all_of(path.begin(), path.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '+' || c == '/' || c == '=';
         });
}

} // namespace tutti::config_file
