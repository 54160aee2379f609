// JSON by fmt.
#include <bot/command/lines.hpp>

#include <tutti/json_text.hpp>

#include <fmt/format.h>

namespace tutti::command {

namespace {

std::string list(const std::vector<participant>& users) {
  std::string text = "[";
  for (const auto& each : users) {
    text += text.size() > 1 ? "," : "";
    if (const auto* id = std::get_if<user_id>(&each))
      text += std::to_string(id->value());
    else
      text += json_text(std::get<std::string>(each));
  }
  return text + "]";
}

} // namespace

std::string to_line(const opened_or_not& one) {
  if (one.opened)
    return fmt::format("{{\"streamId\":{},\"participants\":{},\"origin\":\"{}\"}}\n",
                       json_text(to_string(one.opened->stream)), list(one.participants),
                       to_string(one.opened->origin));
  return fmt::format(
      "{{\"error\":\"{}\",\"code\":{},\"detail\":{},\"status\":{},\"participants\":{}}}\n",
      to_string(one.why.error), json_text(one.why.code), json_text(one.why.detail),
      one.why.status == 0 ? "null" : std::to_string(one.why.status), list(one.participants));
}

} // namespace tutti::command
