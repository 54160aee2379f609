#include <bot/hearing/commands/words.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace tutti::commands {

namespace {

/// How many bytes the blank has that `text` begins with; 0: it begins with none.
std::size_t blank(std::string_view text) {
  constexpr std::string_view ascii = " \t\r\n\v\f";
  if (!text.empty() && ascii.find(text.front()) != ascii.npos)
    return 1;
  // U+00A0; U+2000 to U+200B, U+202F, U+3000.
  if (text.starts_with("\xc2\xa0"))
    return 2;
  const auto third = text.size() >= 3 ? static_cast<unsigned char>(text[2]) : 0;
  if (text.starts_with("\xe2\x80") && ((third >= 0x80 && third <= 0x8b) || third == 0xaf))
    return 3;
  return text.starts_with("\xe3\x80\x80") ? 3 : 0;
}

struct quote {
  std::string_view open;
  std::string_view close;
};
constexpr std::array<quote, 4> quotes{{{"\"", "\""},
                                       {"\u201c", "\u201d"},   // English
                                       {"\u201e", "\u201c"},   // German
                                       {"\u00ab", "\u00bb"}}}; // French

/// Finds texts in quotes, one after the other.
class quotes_in_text {
public:
  /// The length of a text in quotes that `rest` begins with, with them, and what is in it; only
  /// when a blank or the end follows it. `rest` is later in the text each time.
  std::optional<std::pair<std::size_t, std::string_view>> quoted(std::string_view rest) {
    for (std::size_t i = 0; i < quotes.size(); ++i) {
      const auto& [open, close] = quotes[i];
      if (open_for_ever_[i] || !rest.starts_with(open))
        continue;
      const auto end = rest.find(close, open.size());
      if (end == rest.npos) { // Nor will there be one later.
        open_for_ever_[i] = true;
        continue;
      }
      const auto after = end + close.size();
      if (after == rest.size() || blank(rest.substr(after)) > 0)
        return std::pair{after, rest.substr(open.size(), end - open.size())};
    }
    return std::nullopt;
  }

private:
  std::array<bool, quotes.size()> open_for_ever_{};
};

void split_text(std::string_view text, std::size_t begin, std::vector<word>& into) {
  quotes_in_text ends;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto length = blank(text.substr(at)); length > 0) {
      at += length;
      continue;
    }
    word made;
    made.begin = begin + at;
    if (const auto whole = ends.quoted(text.substr(at))) {
      made.text = whole->second;
      made.quoted = true;
      at += whole->first;
    } else {
      const auto from = at;
      while (at < text.size() && blank(text.substr(at)) == 0)
        ++at;
      made.text = text.substr(from, at - from);
    }
    into.push_back(std::move(made));
  }
}

} // namespace

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most)
    return std::string{text};
  auto end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end; // Within a character.
  return std::string{text.substr(0, end)} + "...";
}

words split(const messageml::received_message& message) {
  words made;
  made.text.reserve(message.text.size());
  for (const auto& each : message.pieces) {
    if (each.kind == messageml::piece_kind::text)
      split_text(each.text, made.text.size(), made.all);
    else
      made.all.push_back({each.kind, each.text, each.value, each.user, false, made.text.size()});
    made.text += each.text;
  }
  return made;
}

} // namespace tutti::commands
