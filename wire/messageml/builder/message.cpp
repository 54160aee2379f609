// Messages as a whole: what concerns more than one of their parts is checked here.
#include <tutti/messageml.hpp>

#include <wire/messageml/builder/check.hpp>

namespace tutti::messageml {

message& message::raw(std::string_view messageml) {
  auto made = prepare("<messageML>\n" + std::string{messageml} + "</messageML>");
  if (const auto* wrong = std::get_if<faults>(&made)) {
    auto first = wrong->front();
    first.at.line -= first.at.line > 0 ? 1 : 0;
    throw build_error{to_string(first)};
  }
  if (messageml.ends_with('$') || messageml.ends_with('#'))
    throw build_error{"ready markup ends with '$' or '#', which might begin a template with what "
                      "follows; write &#36; or &#35;"};
  all_.append({.xml = std::string{messageml}, .linked = 2});
  return *this;
}

std::string message::xml() const {
  std::string whole{"<messageML>"};
  whole.reserve(all_.xml.size() + 24);
  (whole += all_.xml) += "</messageML>";
  // Every part has been checked; a message has no more characters than its markup has bytes.
  const auto within_limits = all_.entities <= static_cast<int>(most_entities) &&
                             whole.size() <= most_characters && !all_.xml.empty();
  if (all_.linked > 1 || !within_limits)
    (void)checked(whole);
  return whole;
}

std::string message::to_text() const {
  return checked(xml()).text;
}

} // namespace tutti::messageml
