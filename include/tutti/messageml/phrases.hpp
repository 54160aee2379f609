// Builds what may be within a line of a message: formatted text, links, mentions, tags.
#pragma once

#include <tutti/messageml/part.hpp>

#include <tutti/ids.hpp>

namespace tutti::messageml {

/// Bold.
template <goes_into<phrase>... Phrases>
phrase b(const Phrases&... within) {
  return detail::around<phrase, phrase>("b", within...);
}
/// Italic.
template <goes_into<phrase>... Phrases>
phrase i(const Phrases&... within) {
  return detail::around<phrase, phrase>("i", within...);
}
template <goes_into<phrase>... Phrases>
phrase subscript(const Phrases&... within) {
  return detail::around<phrase, phrase>("sub", within...);
}
template <goes_into<phrase>... Phrases>
phrase superscript(const Phrases&... within) {
  return detail::around<phrase, phrase>("sup", within...);
}
/// A text with a class of Symphony's style guide, as `tempo-text-color--red`, or a style, as
/// `color:red`; either may be empty. Of a style the agent checks the names alone, clients the rest.
template <goes_into<phrase>... Phrases>
phrase styled(std::string_view classes, std::string_view style, const Phrases&... within) {
  return phrase{detail::element(
      "span", {{"class", detail::unless_empty(classes)}, {"style", detail::unless_empty(style)}},
      detail::joined<phrase>(within...))};
}
/// `url` is absolute; the pod decides which schemes it takes. Without a text the address is shown.
template <goes_into<phrase>... Phrases>
phrase hyperlink(std::string_view url, const Phrases&... shown) {
  return phrase{
      detail::element("a", {{"href", std::string{url}}}, detail::joined<phrase>(shown...))};
}
/// `source` is an address or a data URL; clients show it up to 256 pixels high.
inline phrase image(std::string_view source) {
  return phrase{detail::element("img", {{"src", std::string{source}}})};
}
inline phrase line_break() {
  return phrase{detail::element("br")};
}
/// Shown as `@` and the user's name. A user that the bot does not see is a refusal of the message.
inline phrase mention(user_id user) {
  return phrase{detail::element("mention", {{"uid", std::to_string(user.value())}})};
}
inline phrase mention_by_email(std::string_view address) {
  return phrase{detail::element("mention", {{"email", std::string{address}}})};
}
/// `tag` without `#` and without blanks.
inline phrase hashtag(std::string_view tag) {
  return phrase{detail::element("hash", {{"tag", std::string{tag}}})};
}
/// `ticker` without `$`. Symphony recommends `instrument`, which names one exactly.
inline phrase cashtag(std::string_view ticker) {
  return phrase{detail::element("cash", {{"tag", std::string{ticker}}})};
}
/// By its short name, as `smiley`, without colons.
inline phrase emoji(std::string_view name) {
  return phrase{detail::element("emoji", {{"shortcode", std::string{name}}})};
}

/// How an instrument is identified.
enum class instrument_key : std::uint8_t {
  /// e.g. `IBM US Equity`.
  full_bloomberg_ticker,
  bloomberg_ticker,
  figi,
  figi_ticker,
  isin,
  us_code,
  local_code,
  unique_id,
};
/// A financial instrument, shown as `$` and its ticker; `fallback` is shown for one that the pod
/// does not know. Without a fallback such a one is a refusal of the message.
TUTTI_API content instrument(instrument_key by, std::string_view value,
                             std::string_view fallback = {});

/// What clients show of a point in time, each in the reader's own zone.
enum class time_form : std::uint8_t { date_time, date, time, time_with_seconds };
/// `value` is like `2026-03-01T09:30:00+01:00`.
TUTTI_API content date_time(std::string_view value, time_form form = time_form::date_time);

} // namespace tutti::messageml
