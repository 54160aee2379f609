// /pod/v3/room, /pod/v1/room and /pod/v2/room.
#include <emulator/routes/routes.hpp>

#include <emulator/text.hpp>

#include <boost/json.hpp>
#include <simdjson.h>

#include <algorithm>

namespace tutti::emulator {

namespace json = boost::json;

namespace {

constexpr const char* flags[] = {"membersCanInvite", "discoverable",     "public",
                                 "readOnly",         "copyProtected",    "crossPod",
                                 "viewHistory",      "multiLateralRoom", "scheduledMeeting"};

/// Schema V3RoomAttributes; nothing for a body that is none.
std::optional<room> read_room(const std::string& body) {
  try {
    simdjson::dom::parser parser;
    room read;
    for (auto row : simdjson::dom::object{parser.parse(body)}) {
      auto known = std::find(std::begin(flags), std::end(flags), row.key);
      if (row.value.is_null())
        continue; // As the kits write what was not given.
      if (row.key == "name")
        read.name = std::string_view{row.value};
      else if (row.key == "description")
        read.description = std::string_view{row.value};
      else if (row.key == "keywords")
        for (auto each : simdjson::dom::array{row.value})
          read.keywords.emplace_back(std::string_view{each["key"]},
                                     std::string_view{each["value"]});
      else if (known != std::end(flags))
        read.flags[*known] = bool{row.value};
      else if (row.key != "subType" && row.key != "pinnedMessageId" && row.key != "groupChat")
        return std::nullopt; // Unknown fields are refused by policy.
    }
    return read;
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

json::object system_info(const room& one, const std::string& id) {
  return {{"id", id},
          {"creationDate", one.created_at},
          {"createdByUserId", one.creator},
          {"active", one.active}};
}

/// Schema V3RoomDetail.
json::object detail_of(const room& one, const std::string& id) {
  json::array keywords;
  for (const auto& [key, value] : one.keywords)
    keywords.push_back({{"key", key}, {"value", value}});
  json::object attributes{
      {"name", one.name}, {"description", one.description}, {"keywords", std::move(keywords)}};
  for (const auto* flag : flags)
    attributes[flag] = one.has(flag);
  return {{"roomAttributes", std::move(attributes)}, {"roomSystemInfo", system_info(one, id)}};
}

using room_event = void (events::*)(const room&, const user&, time_point);

/// Announces what has been done, and answers with the room.
reply reply_of(const call& request, const answer<const room*>& done, room_event announce) {
  if (const auto* why = std::get_if<refusal>(&done))
    return error_reply(*why);
  if (announce)
    (request.state.events.*announce)(*std::get<const room*>(done), *request.caller, request.now);
  const auto& one = *std::get<const room*>(done);
  return json_reply(detail_of(one, one.id));
}

const reply no_attributes = error_reply(400, "The body must be the room's attributes");

reply create_room(call& request) {
  auto wanted = read_room(request.body);
  if (!wanted)
    return no_attributes;
  return reply_of(request,
                  request.state.rooms.create(*request.caller, std::move(*wanted), request.now),
                  &events::room_created);
}

reply update_room(call& request) {
  auto wanted = read_room(request.body);
  if (!wanted)
    return no_attributes;
  return reply_of(request, request.state.rooms.update(*request.caller, request.path[0], *wanted),
                  &events::room_updated);
}

reply room_info(call& request) {
  return reply_of(request, request.state.rooms.seen_by(*request.caller, request.path[0]), nullptr);
}

reply set_room_active(call& request) {
  auto active = request.query["active"];
  if (active != "true" && active != "false")
    return error_reply(400, "The query must say active=true or active=false");
  auto done = request.state.rooms.set_active(*request.caller, request.path[0], active == "true");
  if (const auto* why = std::get_if<refusal>(&done))
    return error_reply(*why);
  const auto& one = *std::get<const room*>(done);
  request.state.events.room_set_active(one, *request.caller, request.now);
  // Schema RoomDetail of v1.
  return json_reply({{"roomAttributes",
                      {{"name", one.name},
                       {"description", one.description},
                       {"membersCanInvite", one.has("membersCanInvite")},
                       {"discoverable", one.has("discoverable")}}},
                     {"roomSystemInfo", system_info(one, one.id)},
                     {"immutableRoomAttributes",
                      {{"public", one.has("public")},
                       {"readOnly", one.has("readOnly")},
                       {"copyProtected", one.has("copyProtected")}}}});
}

std::optional<uid> read_member(const std::string& body) {
  try {
    simdjson::dom::parser parser;
    return std::int64_t{parser.parse(body)["id"]};
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

using member_event = void (events::*)(const room&, uid, const user&, time_point);

/// A change to one member of the room in the path.
template <class Act>
std::function<reply(call&)> changing_members(const char* message, member_event announce, Act act) {
  return [message, announce, act](call& request) {
    auto whom = read_member(request.body);
    if (!whom)
      return error_reply(400, "The body must be {\"id\": <integer>}");
    // 0: no member, 1: a member, 2: an owner.
    auto standing = [&] {
      const auto* where = request.state.rooms.find(request.path[0]);
      auto found = where ? where->members.find(*whom) : decltype(where->members.find(*whom)){};
      return !where || found == where->members.end() ? 0 : found->second.owner ? 2 : 1;
    };
    const auto before = standing();
    answer<bool> done = act(request, *whom);
    if (const auto* why = std::get_if<refusal>(&done))
      return error_reply(*why);
    if (standing() != before)
      (request.state.events.*announce)(*request.state.rooms.find(request.path[0]), *whom,
                                       *request.caller, request.now);
    return success_reply(message);
  };
}

reply list_room_members(call& request) {
  auto found = request.state.rooms.seen_by(*request.caller, request.path[0]);
  if (const auto* why = std::get_if<refusal>(&found))
    return error_reply(*why);
  json::array rows;
  for (const auto& [id, member] : std::get<const room*>(found)->members)
    rows.push_back({{"id", id}, {"owner", member.owner}, {"joinDate", member.joined_at}});
  return json_reply(rows);
}

reply search_rooms(call& request) {
  room_search wanted;
  try {
    simdjson::dom::parser parser;
    auto body = parser.parse(request.body);
    wanted.text = std::string_view{body["query"]};
    auto id_in = [&](const char* key) -> std::optional<uid> {
      std::int64_t id = 0;
      return body[key]["id"].get_int64().get(id) ? std::nullopt : std::optional{id};
    };
    wanted.member = id_in("member");
    wanted.creator = id_in("creator");
    wanted.owner = id_in("owner");
    bool active = false;
    if (!body["active"].get_bool().get(active))
      wanted.active = active;
  } catch (const simdjson::simdjson_error&) {
    return error_reply(400, "The body must hold a query");
  }
  auto page = read_page(request.query, 50, 100);
  auto found = request.state.rooms.search(*request.caller, wanted);
  json::array rows;
  for (auto at = page.skip; at < found.size() && at < page.skip + page.limit; ++at)
    rows.push_back(detail_of(*found[at], standard_base64(found[at]->id)));
  return json_reply({{"count", found.size()},
                     {"skip", page.skip},
                     {"limit", page.limit},
                     {"query", {{"query", wanted.text}}},
                     {"rooms", std::move(rows)},
                     {"facetedMatchCount", json::array{}}});
}

} // namespace

std::vector<route> room_routes() {
  constexpr auto manage = "MANAGE_ROOMS";
  auto owner = [](bool on) {
    return [on](call& request, uid whom) {
      return request.state.rooms.set_owner(*request.caller, request.path[0], whom, on);
    };
  };
  return {
      {"POST", "/pod/v3/room/create", true, create_room, "CREATE_USER_STREAM|MANAGE_ROOMS"},
      {"POST", "/pod/v3/room/search", true, search_rooms, manage},
      {"POST", "/pod/v3/room/{id}/update", true, update_room, manage},
      {"GET", "/pod/v3/room/{id}/info", true, room_info, manage},
      {"POST", "/pod/v1/room/{id}/setActive", true, set_room_active, manage},
      {"POST", "/pod/v1/room/{id}/membership/add", true,
       changing_members("Member added", &events::member_joined,
                        [](call& request, uid whom) {
                          return request.state.rooms.add_member(*request.caller, request.path[0],
                                                                whom, request.now);
                        }),
       manage},
      {"POST", "/pod/v1/room/{id}/membership/remove", true,
       changing_members("Member removed", &events::member_left,
                        [](call& request, uid whom) {
                          return request.state.rooms.remove_member(*request.caller, request.path[0],
                                                                   whom);
                        }),
       manage},
      {"POST", "/pod/v1/room/{id}/membership/promoteOwner", true,
       changing_members("Member promoted to owner", &events::owner_set, owner(true)), manage},
      {"POST", "/pod/v1/room/{id}/membership/demoteOwner", true,
       changing_members("Owner demoted", &events::owner_set, owner(false)), manage},
      {"GET", "/pod/v2/room/{id}/membership/list", true, list_room_members, manage},
  };
}

} // namespace tutti::emulator
