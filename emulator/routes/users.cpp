// /pod/v2/sessioninfo and /pod/v3/users.
#include <emulator/routes/routes.hpp>

#include <emulator/text.hpp>

#include <algorithm>

namespace tutti::emulator {

namespace {

/// Schema UserV2. E-mail addresses of other companies are withheld.
std::string user_v2(const pod& state, const user& who, const user& seen_by) {
  auto internal = who.company == seen_by.company;
  auto text = "{\"id\":" + std::to_string(who.id) + ",\"username\":" + json_string(who.username) +
              ",\"displayName\":" + json_string(who.display_name) +
              ",\"company\":" + json_string(state.users.company_name(who.company)) +
              ",\"accountType\":" + (who.service_account ? "\"SYSTEM\"" : "\"NORMAL\"");
  if (internal && !who.email.empty())
    text += ",\"emailAddress\":" + json_string(who.email);
  text += ",\"roles\":[";
  for (bool first = true; const auto& role : who.roles) {
    text += (first ? "" : ",") + json_string(role);
    first = false;
  }
  return text + "]}";
}

reply find(call& request) {
  auto& query = request.query;
  auto local = query["local"] == "true";
  if (query.contains("uid") + query.contains("email") + query.contains("username") != 1)
    return error_reply(400, "Give exactly one of uid, email and username");
  auto asked = split(query.contains("uid")     ? query["uid"]
                     : query.contains("email") ? query["email"]
                                               : query["username"]);
  if (asked.size() > 100)
    return error_reply(400, "More than 100 users in one call");
  auto found =
      query.contains("uid")
          ? request.state.users.visible(*request.caller, read_id_list(query["uid"]), local)
          : request.state.users.visible_by(*request.caller, asked, query.contains("email"), local);
  if (query.contains("active"))
    std::erase_if(found,
                  [&](const user* each) { return each->active != (query["active"] == "true"); });
  if (found.empty())
    return {204, ""};
  std::string body = "{\"users\":[";
  for (const auto* each : found)
    body += (body.ends_with('[') ? "" : ",") + user_v2(request.state, *each, *request.caller);
  body += "],\"errors\":[";
  if (query.contains("uid"))
    for (const auto& word : asked)
      if (std::none_of(found.begin(), found.end(),
                       [&](const user* each) { return std::to_string(each->id) == word; }))
        body += (body.ends_with('[') ? "" : ",") +
                ("{\"error\":\"invalid.format\",\"id\":" + json_string(word) + "}");
  return {200, body + "]}"};
}

} // namespace

std::vector<route> user_routes() {
  return {
      {"GET", "/pod/v2/sessioninfo", true,
       [](call& request) {
         return reply{200, user_v2(request.state, *request.caller, *request.caller)};
       },
       "GET_BASIC_USER_INFO"},
      {"GET", "/pod/v3/users", true, find, "GET_BASIC_CONTACT_INFO"},
  };
}

} // namespace tutti::emulator
