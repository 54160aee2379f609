// /pod/v1/admin/user/{uid}/features: what an administrator allows a user.
#include <emulator/routes/routes.hpp>

#include <boost/json.hpp>
#include <simdjson.h>

namespace tutti::emulator {

namespace json = boost::json;

namespace {

reply read(call& request) {
  auto found = request.state.users.features_of(*request.caller, read_id(request.path[0]));
  if (const auto* why = std::get_if<refusal>(&found))
    return error_reply(*why);
  json::array rows;
  for (const auto& [name, enabled] : std::get<const user*>(found)->features)
    rows.push_back({{"entitlment", name}, {"enabled", enabled}});
  return json_reply(rows);
}

reply update(call& request) {
  std::map<std::string, bool> wanted;
  try {
    simdjson::dom::parser parser;
    for (auto row : simdjson::dom::array{parser.parse(request.body)})
      wanted[std::string{std::string_view{row["entitlment"]}}] = bool{row["enabled"]};
  } catch (const simdjson::simdjson_error&) {
    return error_reply(400, "The body must be an array of {entitlment, enabled}");
  }
  auto done =
      request.state.users.update_features(*request.caller, read_id(request.path[0]), wanted);
  if (const auto* why = std::get_if<refusal>(&done))
    return error_reply(*why);
  return success_reply("OK");
}

} // namespace

std::vector<route> feature_routes() {
  return {
      {"GET", "/pod/v1/admin/user/{uid}/features", true, read},
      {"POST", "/pod/v1/admin/user/{uid}/features/update", true, update},
  };
}

} // namespace tutti::emulator
