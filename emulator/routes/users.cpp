// /pod/v2/sessioninfo, /pod/v3/users and /pod/v1/user/manifest/own.
#include <emulator/routes/routes.hpp>

#include <emulator/text.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace tutti::emulator {

namespace json = boost::json;

namespace {

/// Schema UserV2. E-mail addresses of other companies are withheld.
json::object user_v2(const pod& state, const user& who, const user& seen_by) {
  auto internal = who.company == seen_by.company;
  json::object made{{"id", who.id},
                    {"username", who.username},
                    {"displayName", who.display_name},
                    {"company", state.users.company_name(who.company)},
                    {"accountType", who.service_account ? "SYSTEM" : "NORMAL"}};
  if (internal && !who.email.empty())
    made["emailAddress"] = who.email;
  made["roles"] = json::array(who.roles.begin(), who.roles.end());
  return made;
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
  json::array users;
  for (const auto* each : found)
    users.push_back(user_v2(request.state, *each, *request.caller));
  json::array errors;
  if (query.contains("uid"))
    for (const auto& word : asked)
      if (std::none_of(found.begin(), found.end(),
                       [&](const user* each) { return std::to_string(each->id) == word; }))
        errors.push_back({{"error", "invalid.format"}, {"id", valid_text(word)}});
  return json_reply({{"users", std::move(users)}, {"errors", std::move(errors)}});
}

constexpr std::size_t longest_manifest = 6'144;
const refusal no_service_account{403, "Only a service account has a manifest"};

reply manifest(call& request) {
  if (!request.caller->service_account)
    return error_reply(no_service_account);
  return json_reply({{"manifest", request.caller->manifest}});
}

reply set_manifest(call& request) {
  if (!request.caller->service_account)
    return error_reply(no_service_account);
  boost::system::error_code flaw;
  const auto body = json::parse(request.body, flaw);
  const auto* given =
      flaw || !body.is_object() ? nullptr : body.as_object().if_contains("manifest");
  if (!given || !given->is_string())
    return error_reply(400, "The body must be an object with the text 'manifest'");
  const auto& text = given->as_string();
  if (text.size() > longest_manifest)
    return error_reply(400, "The manifest has more than 6144 characters");
  json::parse(text, flaw);
  if (flaw)
    return error_reply(400, "The manifest is not valid JSON");
  request.state.users.set_manifest(request.caller->id, std::string{text});
  return success_reply("OK");
}

} // namespace

std::vector<route> user_routes() {
  return {
      {"GET", "/pod/v2/sessioninfo", true,
       [](call& request) {
         return json_reply(user_v2(request.state, *request.caller, *request.caller));
       },
       "GET_BASIC_USER_INFO"},
      {"GET", "/pod/v3/users", true, find, "GET_BASIC_CONTACT_INFO"},
      {"GET", "/pod/v1/user/manifest/own", true, manifest},
      {"POST", "/pod/v1/user/manifest/own", true, set_manifest},
  };
}

} // namespace tutti::emulator
