// Escapes text, and replaces bytes that are no UTF-8.
#include <tutti/json_text.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <simdjson.h>

namespace tutti {

namespace {

/// Bytes of the character that begins here; 0 for none.
std::size_t character_at(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length)
    if (simdjson::validate_utf8(text.data(), length))
      return length;
  return 0;
}

std::string utc(std::chrono::system_clock::time_point time) {
  auto ms = std::chrono::floor<std::chrono::milliseconds>(time);
  auto seconds = std::chrono::floor<std::chrono::seconds>(ms);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (ms - seconds).count());
}

} // namespace

std::string valid_utf8(std::string_view text) {
  if (simdjson::validate_utf8(text.data(), text.size()))
    return std::string{text};
  std::string made;
  while (!text.empty()) {
    const auto length = character_at(text);
    made += length > 0 ? text.substr(0, length) : "\xEF\xBF\xBD";
    text.remove_prefix(length > 0 ? length : 1);
  }
  return made;
}

std::string json_text(std::string_view text) {
  std::string made = "\"";
  while (!text.empty()) {
    auto c = static_cast<unsigned char>(text.front());
    auto length = c < 0x80 ? 1 : character_at(text);
    if (c == '"' || c == '\\')
      made.append({'\\', static_cast<char>(c)});
    else if (c < ' ')
      made += fmt::format("\\u{:04x}", c);
    else if (length == 0)
      made += "\xEF\xBF\xBD";
    else
      made += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return made + '"';
}

namespace {

std::string time_or_null(const std::optional<std::chrono::system_clock::time_point>& at) {
  return at ? fmt::format(R"("{}")", utc(*at)) : "null";
}

std::string json_text(const feed_health& feed) {
  return fmt::format(
      R"({{"id":{},"tag":{},"lastRead":{},"backlog":{},"oldest":{},"missingSince":{}}})",
      tutti::json_text(feed.id), tutti::json_text(feed.tag), time_or_null(feed.last_read),
      feed.backlog, time_or_null(feed.oldest), time_or_null(feed.missing_since));
}

} // namespace

std::string json_text(const health& seen) {
  std::string troubles;
  for (const auto& each : seen.troubles)
    troubles += fmt::format(R"({}{{"what":{},"since":"{}","why":{}}})", troubles.empty() ? "" : ",",
                            json_text(each.what), utc(each.since), json_text(each.why));
  return fmt::format(R"({{"state":"{}","since":"{}","troubles":[{}]{}}})", to_string(seen.state),
                     utc(seen.since), troubles,
                     seen.feed ? ",\"feed\":" + json_text(*seen.feed) : "");
}

} // namespace tutti
