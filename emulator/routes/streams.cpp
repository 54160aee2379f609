// /pod/v1/streams, /pod/v2/streams and the administrator's view of members.
#include <emulator/routes/routes.hpp>

#include <emulator/text.hpp>

#include <boost/json.hpp>
#include <simdjson.h>

#include <algorithm>

namespace tutti::emulator {

namespace json = boost::json;

namespace {

/// Schema StreamAttributes.
json::object attributes_of(const pod& state, const any_stream& one) {
  json::object made{{"id", one.id()},
                    {"crossPod", state.streams.is_cross_pod(one)},
                    {"active", state.streams.is_active(one)},
                    {"streamType", {{"type", one.type()}}}};
  if (one.place)
    made["roomAttributes"] = {{"name", one.place->name}};
  else
    made["streamAttributes"] = {
        {"members", json::array(one.talk->members.begin(), one.talk->members.end())}};
  return made;
}

reply list_streams(call& request) {
  std::set<std::string> types;
  bool inactive = false;
  if (!request.body.empty())
    try {
      simdjson::dom::parser parser;
      auto body = parser.parse(request.body);
      simdjson::dom::array rows;
      if (!body["streamTypes"].get_array().get(rows))
        for (auto each : rows)
          types.emplace(std::string_view{each["type"]});
      // The specification's example has it as a text.
      std::string_view word;
      if (!body["includeInactiveStreams"].get_string().get(word)) {
        auto read = read_truth(word);
        if (!read)
          return error_reply(400, "includeInactiveStreams is true or false");
        inactive = *read;
      } else if (body["includeInactiveStreams"].get_bool().get(inactive)) {
        inactive = false;
      }
    } catch (const simdjson::simdjson_error&) {
      return error_reply(400, "The body must be a filter of streams");
    }
  std::vector<any_stream> found;
  for (const auto& each : request.state.streams.of(request.caller->id))
    if ((types.empty() || types.contains(each.type())) &&
        (inactive || request.state.streams.is_active(each)))
      found.push_back(each);
  auto page = read_page(request.query, 50, 1000);
  json::array rows;
  for (auto at = page.skip; at < found.size() && at < page.skip + page.limit; ++at)
    rows.push_back(attributes_of(request.state, found[at]));
  return rows.empty() ? reply{204, ""} : json_reply(rows);
}

reply stream_info(call& request) {
  auto found = request.state.streams.seen_by(*request.caller, request.path[0]);
  if (const auto* why = std::get_if<refusal>(&found))
    return error_reply(*why);
  const auto& one = std::get<any_stream>(found);
  auto made = attributes_of(request.state, one);
  made["origin"] = "INTERNAL";
  made["lastMessageDate"] = one.created_at();
  return json_reply(made);
}

/// Schema V2MemberInfo.
json::object member_info(const pod& state, const any_stream& one, const user& who,
                         const user& caller) {
  auto external = who.company != caller.company;
  auto owner = one.place && one.place->members.at(who.id).owner;
  auto joined = one.place ? one.place->members.at(who.id).joined_at : one.created_at();
  json::object shown{{"userId", who.id}};
  if (!external && !who.email.empty())
    shown["email"] = who.email;
  shown["displayName"] = who.display_name;
  shown["company"] = state.users.company_name(who.company);
  shown["companyId"] = who.company;
  shown["isExternal"] = external;
  return {{"user", std::move(shown)},
          {"isOwner", owner},
          {"isCreator", who.id == one.creator()},
          {"joinDate", joined}};
}

reply list_stream_members(call& request) {
  if (!request.caller->may_provision())
    return error_reply(403, "The user lacks the required entitlement to perform this operation");
  auto found = request.state.streams.seen_by(*request.caller, request.path[0]);
  if (const auto* why = std::get_if<refusal>(&found))
    return error_reply(*why);
  const auto& one = std::get<any_stream>(found);
  std::vector<uid> ids;
  for (const auto& [id, each] : request.state.users.all())
    if (one.has(id))
      ids.push_back(id);
  auto page = read_page(request.query, 100, 1000);
  json::array rows;
  for (auto at = page.skip; at < ids.size() && at < page.skip + page.limit; ++at)
    rows.push_back(
        member_info(request.state, one, *request.state.users.find(ids[at]), *request.caller));
  return json_reply({{"count", ids.size()},
                     {"skip", page.skip},
                     {"limit", page.limit},
                     {"members", std::move(rows)}});
}

} // namespace

std::vector<route> stream_routes() {
  return {
      {"POST", "/pod/v1/streams/list", true, list_streams, "LIST_USER_STREAMS"},
      {"GET", "/pod/v2/streams/{sid}/info", true, stream_info, "SEND_MESSAGES"},
      {"GET", "/pod/v1/admin/stream/{id}/membership/list", true, list_stream_members},
  };
}

} // namespace tutti::emulator
