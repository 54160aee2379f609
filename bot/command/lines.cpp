// JSON by simdjson and fmt.
#include <bot/command/lines.hpp>

#include <bot/command/exit_status.hpp>
#include <bot/json_text.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace tutti::command {

namespace {

failure wrong(std::string detail) {
  return {errc::invalid_participants, std::move(detail), 0, usage_code};
}

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
                       json_text(one.opened->stream.text()), list(one.participants),
                       to_string(one.opened->origin));
  return fmt::format(
      "{{\"error\":\"{}\",\"code\":{},\"detail\":{},\"status\":{},\"participants\":{}}}\n",
      to_string(one.why.error), json_text(one.why.code), json_text(one.why.detail),
      one.why.status == 0 ? "null" : std::to_string(one.why.status), list(one.participants));
}

result<std::vector<std::string>> read_line(std::string_view line, const std::string& where) {
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (parser.parse(line.data(), line.size()).get_array().get(rows))
    return wrong(where + R"(: not a JSON array of users, such as ["ada", 8933531975682])");
  std::vector<std::string> users;
  for (auto row : rows) {
    std::int64_t number = 0;
    std::string_view text;
    if (row.get_int64().get(number) == simdjson::SUCCESS)
      users.push_back(std::to_string(number));
    else if (row.get_string().get(text) == simdjson::SUCCESS)
      users.emplace_back(text);
    else
      return wrong(where + ": " + simdjson::minify(row) +
                   " is no user; write an id, a username or an e-mail address");
  }
  if (users.empty())
    return wrong(where + ": no user in it; an IM needs one other participant");
  return users;
}

result<given_user> read_user(const std::string& text) {
  auto number = text.find_first_not_of("0123456789", text.starts_with('-') ? 1 : 0) == text.npos;
  if (text.empty() || text == "-")
    return wrong("'" + text + "' is no user; give an id, a username or an e-mail address");
  constexpr std::size_t longest = 254; // An e-mail address (RFC 5321).
  if (text.size() > longest)
    return wrong("a user of " + std::to_string(text.size()) + " characters, beginning '" +
                 text.substr(0, 20) + "...', is none");
  if (!number)
    return given_user{
        text.find('@') == text.npos ? given_user::kind::username : given_user::kind::email, {}};
  auto id = user_id::parse(text);
  if (!id)
    return wrong(id.error().detail);
  return given_user{given_user::kind::id, *id};
}

} // namespace tutti::command
