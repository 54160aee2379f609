// Builds the blocks and phrases whose markup is more than a tag around its parts.
#include <tutti/messageml/blocks.hpp>
#include <tutti/messageml/phrases.hpp>

#include <wire/messageml/builder/escape.hpp>
#include <wire/messageml/text/values.hpp>

namespace tutti::messageml {

content preformatted(std::string_view text) {
  return content{detail::element("pre", {}, lines(text))};
}

content code(std::string_view text, std::string_view language) {
  return content{
      detail::element("code", {{"language", detail::unless_empty(language)}}, lines(text))};
}

content chime() {
  auto made = detail::element("chime");
  made.linked = 2;
  return content{std::move(made)};
}

std::string_view to_string(card_state state) noexcept {
  static constexpr std::string_view names[] = {"collapsed", "cropped", "expanded"};
  return names[static_cast<std::size_t>(state)];
}

content instrument(instrument_key by, std::string_view value, std::string_view fallback) {
  static constexpr std::string_view names[] = {"fullbbgcompticker", "bbgcompticker", "figi",
                                               "figi-ticker",       "isin",          "us-code",
                                               "local-code",        "unique-id"};
  if (is_blank(value))
    detail::refuse("tag", names[static_cast<std::size_t>(by)], "it is empty");
  return content{detail::element("tag", {{names[static_cast<std::size_t>(by)], std::string{value}},
                                         {"fallback-ticker", detail::unless_empty(fallback)}})};
}

content date_time(std::string_view value, time_form form) {
  static constexpr const char* names[] = {"date_time", "date", "time", "time_secs"};
  return content{detail::element(
      "dateTime", {{"value", std::string{value}}, {"format", names[static_cast<int>(form)]}})};
}

} // namespace tutti::messageml
