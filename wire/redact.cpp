// Looks for each run of eight characters in a set of all that the secrets have.
#include <wire/redact.hpp>

#include <wire/ascii.hpp>

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace tutti::wire {

namespace {

constexpr std::size_t piece = 8;
constexpr std::size_t shortest_secret = 16;

bool is_token_character(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}

/// The pieces of all words that are long enough to be secrets; views into `secrets`.
std::unordered_set<std::string_view> pieces_of(std::string_view secrets) {
  std::unordered_set<std::string_view> all;
  for (auto begin = secrets.begin(); begin != secrets.end();) {
    auto end = std::find_if_not(begin, secrets.end(), is_token_character);
    auto word = std::string_view{begin, end};
    for (std::size_t i = 0; word.size() >= shortest_secret && i + piece <= word.size(); ++i)
      all.insert(word.substr(i, piece));
    begin = end == secrets.end() ? end : std::next(end);
  }
  return all;
}

bool is_harmless(std::string_view header) {
  const auto name = lower(header);
  return name.starts_with("accept") || name.starts_with("content-") || name == "user-agent" ||
         name == "connection";
}

} // namespace

std::string secrets_of(const config& settings) {
  std::string all;
  for (const auto& host : settings.hosts) {
    for (const auto& [name, value] : host.default_headers)
      if (!is_harmless(name))
        all += value + "\n";
    all += host.proxy.password + "\n";
  }
  return all;
}

std::string redacted(std::string text, std::string_view secrets) {
  const auto folded_secrets = lower(secrets);
  const auto pieces = pieces_of(folded_secrets);
  if (pieces.empty() || text.size() < piece)
    return text;
  const auto folded = lower(text);
  std::vector<bool> hidden(text.size());
  for (std::size_t i = 0; i + piece <= folded.size(); ++i)
    if (pieces.contains(std::string_view{folded}.substr(i, piece)))
      std::fill_n(hidden.begin() + static_cast<std::ptrdiff_t>(i), piece, true);
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!hidden[i])
      made += text[i];
    else if (i == 0 || !hidden[i - 1])
      made += "***";
  return made;
}

} // namespace tutti::wire
